import type { Stay } from '#flows/tracks/stay-point';
import type { StopHeat } from '../api/track-types.ts';
import { stretchOf } from '../store/visits.ts';
import type { TrackStores } from './companions.ts';
import { heatOf, stopsIn, suspectsOf } from './heat.ts';

export interface StopQuery {
  readonly cells: readonly number[];
  readonly from: number;
  readonly to: number;
  /** Stood for less is no stop. */
  readonly seconds: number;
  readonly mayHave: (object: string) => Promise<boolean>;
}

const limits = { visits: 150_000, suspects: 3000, points: 240, spots: 3000 };
const radiusM = 50;
/** Standing objects are often heard seldom: silence up to this is taken for standing, ms. */
const gapMs = 3_600_000;

/** Where objects stood in a time and a place: found by cell and stretch, measured by their fixes. */
export async function stopHeat({ objects, visits }: TrackStores, query: StopQuery): Promise<StopHeat> {
  const { cells, from, to, seconds, mayHave } = query;
  const span = { from: stretchOf(from), to: stretchOf(to) };
  const seen = await visits.within(
    cells.map((cell) => ({ cell, ...span })),
    limits.visits,
  );
  const suspects = suspectsOf(seen).filter(
    (one) => Math.min(to, one.to) - Math.max(from, one.from) >= seconds * 1000,
  );
  const stops: { object: string; stay: Stay }[] = [];
  const allowed = new Map<string, boolean>();
  for (const { object, ...time } of suspects.slice(0, limits.suspects)) {
    const may = allowed.get(object) ?? (await mayHave(object));
    allowed.set(object, may);
    if (!may) continue;
    const [begin, end] = [Math.max(from, time.from), Math.min(to, time.to)];
    // so fine that what was left out is no silence
    const points = Math.max(limits.points, Math.ceil((4 * (end - begin)) / gapMs));
    const rules = { radiusM, stopMs: seconds * 1000, gapMs };
    for (const stay of stopsIn(await objects.fixes(object, begin, end, points), rules))
      stops.push({ object, stay });
  }
  return {
    spots: heatOf(stops).slice(0, limits.spots),
    stops: stops.length,
    partial: suspects.length > limits.suspects || seen.length >= limits.visits,
  };
}
