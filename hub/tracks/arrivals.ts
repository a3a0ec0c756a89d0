import { metresBetween } from '#flows/geo/polyline';
import type { ArrivalForecast } from '../api/track-types.ts';
import { cellsAround, stretchMs, stretchOf } from '../store/visits.ts';
import { forecast } from './arrival.ts';
import type { TrackStores } from './companions.ts';
import type { Fix } from './fix.ts';

export interface ArrivalQuery {
  readonly object: string;
  readonly zone: string;
  /** Where the object is, and when it was there. */
  readonly here: Fix;
  readonly deadline?: number;
}

const historyMs = 90 * 86_400_000;
const longestTripMs = 12 * 3_600_000;
const limits = { arrivals: 2000, visits: 30_000, trips: 200, points: 2000, looks: 4 };
/** Passed farther from here it was another way, metres. */
const nearM = 300;

/** Less than a right angle apart, where both are known. */
const sameWay = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || b === undefined || Math.abs(((a - b + 540) % 360) - 180) < 90;

/** For each object, the stretches in which it passed near here, in order. */
async function passesNear({ visits }: TrackStores, { lon, lat, ms }: Fix): Promise<Map<string, number[]>> {
  const span = { from: stretchOf(ms - historyMs), to: stretchOf(ms) };
  const seen = await visits.within(
    cellsAround(lon, lat, nearM).map((cell) => ({ cell, ...span })),
    limits.visits,
  );
  const passes = new Map<string, number[]>();
  for (const { object, stretch } of seen) passes.set(object, [...(passes.get(object) ?? []), stretch]);
  for (const list of passes.values()) list.sort((a, b) => a - b);
  return passes;
}

/** Stretches one after another, as times, the last first. */
function* runsBackwards(stretches: readonly number[]): Generator<{ from: number; to: number }> {
  let at = stretches.length - 1;
  while (at >= 0) {
    const last = stretches[at] as number;
    while (at > 0 && (stretches[at] as number) - (stretches[at - 1] as number) <= 1) at -= 1;
    yield { from: ((stretches[at] as number) - 1) * stretchMs, to: (last + 1) * stretchMs };
    at -= 1;
  }
}

/**
 * When an object was last here before it entered the zone. It may have been around for long since, in a queue: then the cells near here
 * are those that it waited in too.
 */
async function lastHere(
  { objects }: TrackStores,
  object: string,
  stretches: readonly number[],
  earliest: number,
  time: number,
  here: Fix,
): Promise<Fix | undefined> {
  let looks = 0;
  const before = stretches.filter((one) => one * stretchMs < time && (one + 1) * stretchMs >= earliest);
  for (const { from, to } of runsBackwards(before)) {
    if (looks++ >= limits.looks) return undefined;
    const [begin, end] = [Math.max(earliest, from), Math.min(time, to)];
    const passed = nearestOfLast(here, await objects.fixes(object, begin, end, limits.points));
    if (passed) return passed;
  }
  return undefined;
}

/**
 * When an object will enter a zone: how long others needed who passed here the same way and entered it next. Past trips tell of
 * queues and lights, which no speed does.
 */
export async function arrivalOf(stores: TrackStores, query: ArrivalQuery): Promise<ArrivalForecast> {
  const { object: own, zone, here, deadline } = query;
  const { objects } = stores;
  const crossings = await objects.crossings(zone, here.ms - historyMs, here.ms, limits.arrivals);
  const last = crossings.find(({ object }) => object === own);
  if (last?.inside)
    return { zone, trips: 0, why: `${own} has been in ${zone} since ${new Date(last.time).toISOString()}` };
  const entries = crossings.filter(({ inside }) => inside);
  const passes = await passesNear(stores, here);
  const remaining: number[] = [];
  for (const { object, time } of entries) {
    if (remaining.length >= limits.trips) break;
    const before = entries.find((other) => other.object === object && other.time < time);
    const earliest = Math.max(time - longestTripMs, before?.time ?? 0);
    const passed = await lastHere(stores, object, passes.get(object) ?? [], earliest, time, here);
    if (passed && sameWay(passed.courseDeg, here.courseDeg)) remaining.push(time - passed.ms);
  }
  return forecast(zone, remaining, here.ms, deadline);
}

/** Of the last time that it came by, the fix nearest to here. */
function nearestOfLast(here: Fix, fixes: readonly Fix[]): Fix | undefined {
  let best: Fix | undefined;
  let least = nearM;
  for (let at = fixes.length - 1; at >= 0; at--) {
    const fix = fixes[at] as Fix;
    const metres = metresBetween(here.lon, here.lat, fix.lon, fix.lat);
    if (metres > nearM && best) break;
    if (metres > least) continue;
    best = fix;
    least = metres;
  }
  return best;
}
