import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Header } from './header.ts';

/** A message that comes in pieces. */
interface Pieces {
  readonly key: string;
  readonly total: number;
  readonly firstSerial: number;
  readonly pieces: (Uint8Array | undefined)[];
  have: number;
  lastMs: number;
}

/** Messages of one link that wait for pieces, oldest first. */
export type Joining = Map<string, Pieces>;

/** Silence after which the missing pieces are given up, ms. */
export const pieceTimeoutMs = 30_000;
/** Messages in pieces at the same time on one link, and pieces of one: more than terminals send. */
const maxJoining = 8;
const maxPieces = 1024;

export const newJoining = (): Joining => new Map();

/** Takes a piece; the whole body when it was the last that was missing. A piece that came before is no news. */
export function join(
  joining: Joining,
  header: Header,
  body: Uint8Array,
  nowMs: number,
): Uint8Array | undefined {
  const firstSerial = (header.serial - header.index + 1) & 0xffff;
  const key = `${header.phone} ${header.id} ${firstSerial} ${header.total}`;
  let held = joining.get(key);
  if (!held) {
    if (header.total > maxPieces) return undefined;
    const oldest = joining.keys().next().value;
    if (joining.size >= maxJoining && oldest !== undefined) joining.delete(oldest);
    held = { key, total: header.total, firstSerial, pieces: [], have: 0, lastMs: nowMs };
    joining.set(key, held);
  }
  held.lastMs = nowMs;
  if (!held.pieces[header.index - 1]) {
    held.pieces[header.index - 1] = body.slice();
    held.have++;
  }
  if (held.have < held.total) return undefined;
  joining.delete(key);
  return Buffer.concat(held.pieces.filter((piece) => piece !== undefined));
}

/** What is missing of each message that has been waiting since `beforeMs`, for a request to send it again. */
export function missing(joining: Joining, beforeMs: number) {
  return [...joining.values()]
    .filter(({ lastMs }) => lastMs <= beforeMs)
    .map(({ firstSerial, total, pieces }) => ({
      firstSerial,
      indexes: Array.from({ length: total }, (_, i) => i + 1).filter((index) => !pieces[index - 1]),
    }));
}

export function joiningExpired(joining: Joining, nowMs: number): Problem[] {
  const problems: Problem[] = [];
  for (const held of joining.values())
    if (nowMs - held.lastMs >= pieceTimeoutMs) {
      joining.delete(held.key);
      problems.push(faults.problem('jt808.incomplete', { have: held.have, total: held.total }));
    }
  return problems;
}

export function joiningDue(joining: Joining): number | undefined {
  let due: number | undefined;
  for (const { lastMs } of joining.values())
    due = Math.min(due ?? Number.POSITIVE_INFINITY, lastMs + pieceTimeoutMs);
  return due;
}
