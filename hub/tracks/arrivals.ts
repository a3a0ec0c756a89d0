import { metresBetween } from '#flows/geo/polyline';
import type { ArrivalForecast } from '../api/track-types.ts';
import { cellsAround, stretchMs, stretchOf } from '../store/visits.ts';
import { forecast } from './arrival.ts';
import type { TrackStores } from './companions.ts';
import { type Fix, fixesOf } from './fix.ts';

export interface ArrivalQuery {
  readonly zone: string;
  /** Where the object is, and when it was there. */
  readonly here: Fix;
  readonly deadline?: number;
}

const historyMs = 90 * 86_400_000;
const longestTripMs = 12 * 3_600_000;
const limits = { arrivals: 2000, visits: 30_000, trips: 200, points: 200 };
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

/**
 * When an object will enter a zone: how long others needed who passed here the same way and entered it next. Past trips tell of
 * queues and lights, which no speed does.
 */
export async function arrivalOf(stores: TrackStores, query: ArrivalQuery): Promise<ArrivalForecast> {
  const { zone, here, deadline } = query;
  const { objects } = stores;
  const crossings = await objects.crossings(zone, here.ms - historyMs, here.ms, limits.arrivals);
  const entries = crossings.filter(({ inside }) => inside);
  const passes = await passesNear(stores, here);
  const remaining: number[] = [];
  for (const { object, time } of entries) {
    if (remaining.length >= limits.trips) break;
    const before = entries.find((other) => other.object === object && other.time < time);
    const earliest = Math.max(time - longestTripMs, before?.time ?? 0);
    const stretch = passes.get(object)?.findLast((one) => one * stretchMs < time);
    if (stretch === undefined || (stretch + 1) * stretchMs < earliest) continue;
    const from = Math.max(earliest, (stretch - 1) * stretchMs);
    const until = Math.min(time, (stretch + 1) * stretchMs);
    const { points } = await objects.track(object, from, until, limits.points);
    const passed = nearestTo(here, fixesOf(points));
    if (passed && sameWay(passed.courseDeg, here.courseDeg)) remaining.push(time - passed.ms);
  }
  return forecast(zone, remaining, here.ms, deadline);
}

function nearestTo(here: Fix, fixes: readonly Fix[]): Fix | undefined {
  let best: Fix | undefined;
  let least = nearM;
  for (const fix of fixes) {
    const metres = metresBetween(here.lon, here.lat, fix.lon, fix.lat);
    if (metres > least) continue;
    best = fix;
    least = metres;
  }
  return best;
}
