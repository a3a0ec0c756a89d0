import { cellOf, stretchOf, type Visit } from '../store/visits.ts';
import type { Fix } from './fix.ts';

export interface Chance {
  /** Ways from cell to cell that others did not all take. */
  readonly choices: number;
  /** Probability that a stranger who set out with one takes the same way. */
  readonly chance: number;
}

/** A way that nearly all take is no choice. */
const choiceShare = 0.9;

function goesOn(stretches: ReadonlySet<number>, after: ReadonlySet<number>): boolean {
  for (const stretch of stretches) if (after.has(stretch) || after.has(stretch + 1)) return true;
  return false;
}

/** When each object was in which cell: what traffic does apart from the two. */
export class Traffic {
  readonly #seen = new Map<number, Map<string, Set<number>>>();

  constructor(visits: Iterable<Visit>) {
    for (const { object, cell, stretch } of visits) {
      const objects = this.#seen.get(cell) ?? new Map<string, Set<number>>();
      this.#seen.set(cell, objects);
      objects.set(object, (objects.get(object) ?? new Set()).add(stretch));
    }
  }

  /** Share of those who were in a cell that were in the other at the same time or in the stretch after it. */
  shareOf(from: number, to: number, without: ReadonlySet<string>): number {
    let [went, were] = [0, 0];
    const there = this.#seen.get(to);
    for (const [object, stretches] of this.#seen.get(from) ?? []) {
      if (without.has(object)) continue;
      were += 1;
      const after = there?.get(object);
      if (after && goesOn(stretches, after)) went += 1;
    }
    // One more of each: nothing is certain by few.
    return (went + 1) / (were + 2);
  }
}

/**
 * How likely strangers would have gone together so far: the product, from cell to cell of the common way, of the share of
 * traffic that goes that way too. On a highway it stays near one however long the way is: minutes prove nothing there.
 */
export function chanceOf(common: readonly Fix[], traffic: Traffic, without: ReadonlySet<string>): Chance {
  let [choices, chance] = [0, 1];
  let before: { cell: number; stretch: number } | undefined;
  for (const { lon, lat, ms } of common) {
    const here = { cell: cellOf(lon, lat), stretch: stretchOf(ms) };
    const goesOn = before && before.cell !== here.cell && here.stretch - before.stretch <= 1;
    if (before && goesOn) {
      const share = traffic.shareOf(before.cell, here.cell, without);
      if (share < choiceShare) {
        choices += 1;
        chance *= share;
      }
    }
    before = here;
  }
  return { choices, chance };
}
