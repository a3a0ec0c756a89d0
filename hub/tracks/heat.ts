import { type Stay, type StayRules, stayStep } from '#flows/tracks/stay-point';
import type { StopSpot } from '../api/track-types.ts';
import { stretchMs, type Visit } from '../store/visits.ts';
import type { Fix } from './fix.ts';

/** A time in which an object may have stood. */
export interface Suspect {
  readonly object: string;
  readonly from: number;
  readonly to: number;
}

/** Runs of stretches that an object spent in one cell alone: only they can hold a stop. */
export function suspectsOf(visits: Iterable<Visit>): Suspect[] {
  const cells = new Map<string, Map<number, Set<number>>>();
  for (const { object, cell, stretch } of visits) {
    const stretches = cells.get(object) ?? new Map<number, Set<number>>();
    cells.set(object, stretches);
    stretches.set(stretch, (stretches.get(stretch) ?? new Set()).add(cell));
  }
  const suspects: Suspect[] = [];
  for (const [object, stretches] of cells) {
    let run: { cell: number; first: number; last: number } | undefined;
    const close = () => {
      // One stretch alone may hold a stop, which may have begun in the one before and end in the one after.
      const from = run && (run.first - 1) * stretchMs;
      const to = run && (run.last + 2) * stretchMs;
      run = undefined;
      if (from === undefined || to === undefined) return;
      const before = suspects.at(-1);
      if (before?.object === object && before.to >= from) suspects[suspects.length - 1] = { ...before, to };
      else suspects.push({ object, from, to });
    };
    for (const stretch of [...stretches.keys()].sort((a, b) => a - b)) {
      const [cell, more] = stretches.get(stretch) ?? [];
      const goesOn = run && more === undefined && run.cell === cell && run.last === stretch - 1;
      if (run && goesOn) run.last = stretch;
      else {
        close();
        if (more === undefined && cell !== undefined) run = { cell, first: stretch, last: stretch };
      }
    }
    close();
  }
  return suspects;
}

/** Stops in fixes that are in order. */
export function stopsIn(fixes: readonly Fix[], rules: StayRules): Stay[] {
  const stops: Stay[] = [];
  let stay: Stay | undefined;
  for (const { ms, lon, lat } of fixes) {
    const step = stayStep(stay, { ms, lon, lat }, rules);
    if (step.ended) stops.push(step.ended);
    stay = step.stay;
  }
  if (stay?.stopped) stops.push(stay);
  return stops;
}

/** Squares of a thousandth of a degree by a third of it: about thirty metres. */
const spotsPerDegree = 3000;

/** Stops counted by place, the longest stood at first. */
export function heatOf(stops: readonly { object: string; stay: Stay }[]): StopSpot[] {
  const spots = new Map<
    string,
    { lon: number; lat: number; stops: number; seconds: number; objects: Set<string> }
  >();
  for (const { object, stay } of stops) {
    const [x, y] = [Math.round(stay.lon * spotsPerDegree), Math.round(stay.lat * spotsPerDegree)];
    const key = `${x} ${y}`;
    const spot = spots.get(key) ?? {
      lon: x / spotsPerDegree,
      lat: y / spotsPerDegree,
      stops: 0,
      seconds: 0,
      objects: new Set<string>(),
    };
    spots.set(key, spot);
    spot.stops += 1;
    spot.seconds += (stay.lastMs - stay.fromMs) / 1000;
    spot.objects.add(object);
  }
  return [...spots.values()]
    .map(({ objects, ...spot }) => ({ ...spot, seconds: Math.round(spot.seconds), objects: objects.size }))
    .sort((a, b) => b.seconds - a.seconds);
}
