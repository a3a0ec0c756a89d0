import type { SimilarList } from '../api/track-types.ts';
import { cellOf, stretchMs, stretchOf, type Visit } from '../store/visits.ts';
import type { TrackStores } from './companions.ts';
import { resample, similarityOf } from './similarity.ts';

export interface SimilarQuery {
  readonly object: string;
  /** The way that is compared. */
  readonly from: number;
  readonly to: number;
  /** Trips are looked for in this time. */
  readonly since: number;
  readonly until: number;
  readonly reachM: number;
}

/** Of a trip so many fixes are enough: those compared are drawn evenly along its way of them. */
const limits = { points: 3000, tripPoints: 1200, compared: 150, visits: 60_000, trips: 60, told: 20 };
/** Away for longer than so many stretches, the next is another trip. */
const pauseStretches = 2;
/** A trip that touches less of the way's cells is not like it. */
const leastShare = 0.3;

interface Trip {
  readonly object: string;
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Trips that go through enough of the cells of a way: the cheap look before the exact one. */
export function tripsThrough(visits: Iterable<Visit>, cells: ReadonlySet<number>): Trip[] {
  const byObject = new Map<string, Visit[]>();
  for (const visit of visits) {
    const list = byObject.get(visit.object) ?? [];
    byObject.set(visit.object, list);
    list.push(visit);
  }
  const trips: Trip[] = [];
  for (const [object, list] of byObject) {
    list.sort((a, b) => a.stretch - b.stretch);
    let begin = 0;
    for (let i = 1; i <= list.length; i++) {
      const gap = (list[i]?.stretch ?? Number.POSITIVE_INFINITY) - (list[i - 1] as Visit).stretch;
      if (gap <= pauseStretches) continue;
      const part = list.slice(begin, i);
      const share = new Set(part.map(({ cell }) => cell)).size / cells.size;
      const [first, last] = [part[0] as Visit, part.at(-1) as Visit];
      const trip = { object, from: first.stretch * stretchMs, to: (last.stretch + 1) * stretchMs - 1, share };
      if (share >= leastShare) trips.push(trip);
      begin = i;
    }
  }
  return trips.sort((a, b) => b.share - a.share);
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Trips, of any object, that went the way that an object went. */
export async function similarTo({ objects, visits }: TrackStores, query: SimilarQuery): Promise<SimilarList> {
  const { object, from, to, since, until, reachM } = query;
  const fixes = await objects.fixes(object, from, to, limits.points);
  const own = resample(fixes, limits.compared);
  const cells = new Set(own.map(({ lon, lat }) => cellOf(lon, lat)));
  const ranges = [...cells].map((cell) => ({ cell, from: stretchOf(since), to: stretchOf(until) }));
  const trips = tripsThrough(await visits.within(ranges, limits.visits), cells).filter(
    (trip) => trip.object !== object || trip.to < from || trip.from > to,
  );
  const looked = trips.slice(0, limits.trips);
  const found: SimilarList['trips'][number][] = [];
  for (const trip of looked) {
    const way = await objects.fixes(trip.object, trip.from, trip.to, limits.tripPoints);
    const alike = similarityOf(own, resample(way, limits.compared), reachM);
    const [first, last] = [way[0], way.at(-1)];
    if (alike && first && last)
      found.push({ object: trip.object, from: iso(first.ms), to: iso(last.ms), ...alike });
  }
  found.sort((a, b) => b.share - a.share || a.frechetM - b.frechetM);
  return { object, looked: looked.length, trips: found.slice(0, limits.told) };
}
