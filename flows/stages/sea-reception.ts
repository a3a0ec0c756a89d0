import { Type } from 'typebox';
import type { KeyedState } from '../stage.ts';
import { type Cell, count, countedBefore, dayOf, newCell, worthOfDays } from '../tracks/coverage.ts';

/** The first day that was heard, days since 1970. */
export const Since = Type.Object({
  firstDay: Type.Integer({ description: 'First day that was heard, days since 1970.' }),
});

/** Cells to a degree: 28 km from south to north, what a ship sails in an hour. */
const perDegree = 4;
/** Cells that are remembered at most: of the 60,000 or so that have sea, those of a wide region. */
const maxCells = 20_000;
/** Nothing is said of reception before so many days were heard. */
const fewestDays = 3;
const since = 'since';

const cellOf = (lon: number, lat: number): string =>
  `${Math.floor(lon * perDegree)},${Math.floor(lat * perDegree)}`;

/**
 * How many positions a day come from a cell of the sea, learned of all ships. What is said rests on days that nothing late can
 * change any more.
 */
export function seaReception(state: KeyedState, latenessMs: number) {
  return {
    heard(lon: number, lat: number, ms: number): void {
      const day = dayOf(ms);
      const begun = state.get(since) as { firstDay: number } | undefined;
      if (!begun || day < begun.firstDay) state.set(since, { firstDay: day });
      const key = cellOf(lon, lat);
      const known = state.get(key) as Cell | undefined;
      if (!known && state.size > maxCells) return;
      const cell = known ?? newCell(day);
      count(cell, day, { passed: 1, lost: 0, who: {} }, dayOf(ms - 2 * latenessMs) - 1);
      state.set(key, cell);
    },
    /** Positions a day; undefined while too little was heard of anything. */
    perDay(lon: number, lat: number, atMs: number): number | undefined {
      const begun = state.get(since) as { firstDay: number } | undefined;
      const day = dayOf(atMs - latenessMs);
      if (!begun || day - begun.firstDay < fewestDays) return undefined;
      const cell = state.get(cellOf(lon, lat)) as Cell | undefined;
      if (!cell) return state.size > maxCells ? undefined : 0;
      return countedBefore(cell, day).passed / worthOfDays(begun.firstDay, day);
    },
  };
}
