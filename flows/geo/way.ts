import type { Segment } from './crossing.ts';
import { type FenceIndex, pointAt } from './fence-index.ts';
import type { Moment } from './stay.ts';

/** The straight way from the last fix of a device to its newest. */
export interface Way {
  readonly segment: Segment;
  /** Epoch ms of the last fix; undefined when the newest is the first. */
  readonly fromMs: number | undefined;
  readonly fix: Moment;
  readonly toIso: (ms: number) => string;
}

/** A fraction (0..1) of the way as time and place, both interpolated. */
export function momentAt(way: Way, fraction: number): Moment {
  const { fix, fromMs, segment } = way;
  if (fromMs === undefined || fraction === 1 || fromMs === fix.ms) {
    if (fraction === 1) return fix;
    const [lon, lat] = pointAt(segment, fraction);
    return { time: fix.time, ms: fix.ms, lon, lat };
  }
  const ms = Math.round(fromMs + (fix.ms - fromMs) * fraction);
  const [lon, lat] = pointAt(segment, fraction);
  return { time: ms === fix.ms ? fix.time : way.toIso(ms), ms, lon, lat };
}

/**
 * The last moment at which the way changed sides: from there on it is on the side on which it ends.
 * The moment of the fix itself when there was no way, or none that meets the fence.
 */
export function lastCrossing(index: FenceIndex, fence: number, way: Way, endsInside: boolean): Moment {
  const { segment, fix } = way;
  if (way.fromMs === undefined) return fix;
  const fractions = index.meetings(fence, segment);
  const last = fractions.at(-1);
  if (last === undefined) return fix;
  if (fractions.length === 1) return momentAt(way, last);
  for (let i = fractions.length; i >= 0; i--) {
    const from = i === 0 ? 0 : (fractions[i - 1] as number);
    const to = i === fractions.length ? 1 : (fractions[i] as number);
    if (from === to) continue;
    const [x, y] = pointAt(segment, (from + to) / 2);
    if (index.contains(fence, x, y) !== endsInside) return momentAt(way, to);
  }
  return momentAt(way, endsInside ? (fractions[0] as number) : last);
}
