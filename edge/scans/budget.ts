import { statfsSync } from 'node:fs';

/** What the choice of what to give up looks at. */
export interface Held {
  readonly scan: string;
  readonly order: number;
  readonly opened: number;
  readonly bytes: number;
  readonly writing: boolean;
  readonly judged: boolean;
}

export interface Limits {
  readonly maxBytes: number;
  readonly days: number;
  readonly unjudgedHours: number;
}

const hourMs = 3_600_000;

/** A scan that still comes, or that something may still judge, is never given up. */
export const mayLeave = (held: Held, limits: Limits, now: number): boolean =>
  !held.writing && (held.judged || now - held.opened >= limits.unjudgedHours * hourMs);

/** Scans that are past their time. */
export const tooOld = (all: Iterable<Held>, limits: Limits, now: number): Held[] =>
  [...all].filter((held) => mayLeave(held, limits, now) && now - held.opened >= limits.days * 24 * hourMs);

/**
 * What to give up so that `more` bytes fit, oldest first, no more than needed; undefined: even all of what
 * may leave is not enough, and nothing is given up.
 */
export function toFit(
  all: Iterable<Held>,
  limits: Limits,
  now: number,
  room: { readonly used: number; readonly more: number },
): Held[] | undefined {
  let over = room.used + room.more - limits.maxBytes;
  const chosen: Held[] = [];
  if (over <= 0) return chosen;
  const leaving = [...all].filter((held) => mayLeave(held, limits, now)).sort((a, b) => a.order - b.order);
  for (const held of leaving) {
    chosen.push(held);
    over -= held.bytes;
    if (over <= 0) return chosen;
  }
  return undefined;
}

/** Free bytes of the disk that a folder is on; Infinity where it does not say. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
