import { metresBetween } from '#flows/geo/polyline';
import type { TrackGap } from '../api/track-types.ts';
import type { Fix } from './fix.ts';
import { medianOf } from './fix.ts';

/** What is known of a time in which nothing, or nothing with a place, was heard. */
export interface Outage {
  readonly class: 'coverage' | 'device' | 'fix' | 'link' | 'power';
  readonly from: number;
  readonly to: number;
  readonly reason?: string;
}

/** A pause longer than this between fixes is a gap, unless the object always speaks that slowly. */
const shortestMs = 60_000;
const usualSteps = 5;
/** Who comes back within so many metres has not gone: most trackers sleep while they stand. */
const parkedM = 100;

/** Longer than a minute and than five of the usual steps between fixes. */
function gapLimitOf(fixes: readonly Fix[], finestMs: number): number {
  const steps = fixes.slice(1).map(({ ms }, i) => ms - (fixes[i]?.ms ?? ms));
  return Math.max(shortestMs, finestMs, usualSteps * medianOf(steps));
}

const overlap = (gap: { from: number; to: number }, outage: Outage): number =>
  Math.min(gap.to, outage.to) - Math.max(gap.from, outage.from);

/** What outages explain of a gap: the one that covers most of it, if that is half of it at least. */
function outageOf(gap: { from: number; to: number }, outages: readonly Outage[]): Outage | undefined {
  const [best] = outages
    .filter((one) => overlap(gap, one) > 0)
    .sort((a, b) => overlap(gap, b) - overlap(gap, a));
  return best && overlap(gap, best) * 2 >= gap.to - gap.from ? best : undefined;
}

/**
 * Gaps of a track with their class: `device`, the box's receiver was out; `fix`, the object was heard and had no fix; `power`, it had said that its power is cut or low; `coverage`, it
 * was not heard where many are not, as the box tells; `link`, it was not heard elsewhere; `parked`, it came back where it was; `open`, it has not come back by `until`; else `silent`. Of thinned fixes, pauses up to
 * `finestMs` are what was left out.
 */
export function gapsOf(
  fixes: readonly Fix[],
  outages: readonly Outage[],
  until: number,
  finestMs = 0,
): TrackGap[] {
  const limit = gapLimitOf(fixes, finestMs);
  const iso = (ms: number) => new Date(ms).toISOString();
  const last = fixes.at(-1);
  const gaps = fixes.flatMap((next, i): TrackGap[] => {
    const before = fixes[i - 1];
    if (!before || next.ms - before.ms <= limit) return [];
    const [from, to] = [before.ms, next.ms];
    const distanceM = metresBetween(before.lon, before.lat, next.lon, next.lat);
    const outage = outageOf({ from, to }, outages);
    const known = outage?.class ?? (distanceM <= parkedM ? 'parked' : 'silent');
    const reason = outage?.reason === undefined ? {} : { reason: outage.reason };
    return [{ from: iso(from), to: iso(to), class: known, distanceM: Math.round(distanceM), ...reason }];
  });
  if (last && until - last.ms > limit) {
    const outage = outageOf({ from: last.ms, to: until }, outages);
    gaps.push({
      from: iso(last.ms),
      to: iso(until),
      class: outage?.class ?? 'open',
      ...(outage?.reason === undefined ? {} : { reason: outage.reason }),
    });
  }
  return gaps;
}
