import type { EventDraft } from '../message.ts';
import type { KeyedState } from '../stage.ts';
import { type Cell, count, countedBefore, dayOf, fold, newCell } from '../tracks/coverage.ts';
import { eventAbout } from './fixes.ts';
import { eventTime, toIso } from './time.ts';

/** Type of what is learned of reception, as a stage says it to itself; it is never sent on. */
export const learntType = 'coverage';

/** Cells to a degree: 1.7 km from south to north. */
const perDegree = 64;
/** Cells that are remembered at most; one more than that learns nothing until another has faded. */
const maxCells = 20_000;
/** Silence is usual where so many devices fell silent. One that does so at home proves nothing for the others. */
const fewestDevices = 3;
/** Passages that a share is said of at least; as if half of one had been lost among so many before anything was seen. */
const fewestPassages = 10;
const priorLost = 0.5;

const place = (lon: number, lat: number): string =>
  `${Math.floor(lon * perDegree)},${Math.floor(lat * perDegree)}`;

/** Whether the way from one fix to the next is another passage: into another cell, or into another day. */
export const isPassage = (
  from: {
    readonly ms?: number | undefined;
    readonly lon?: number | undefined;
    readonly lat?: number | undefined;
  },
  ms: number,
  lon: number,
  lat: number,
): boolean =>
  from.ms === undefined ||
  from.lon === undefined ||
  from.lat === undefined ||
  Math.floor(from.lon * perDegree) !== Math.floor(lon * perDegree) ||
  Math.floor(from.lat * perDegree) !== Math.floor(lat * perDegree) ||
  dayOf(from.ms) !== dayOf(ms);

/** Something passed, or fell silent: a message that may be withdrawn, and stands for no other cell or day. */
export function learnt(
  what: 'passed' | 'lost',
  device: string,
  { ms, lon, lat }: { readonly ms: number; readonly lon: number; readonly lat: number },
  node: string,
): EventDraft {
  const cell = place(lon, lat);
  return eventAbout(learntType, device, toIso(ms), node, {
    what,
    cell,
    step: `${what} ${cell} ${dayOf(ms)}`,
  });
}

/**
 * Where silence is usual: which share of passages through a cell ended in one. Counts are kept by day, and what is said at a
 * time rests on the days that nothing late can change any more, so the same fixes in any order say the same.
 */
export function coverage(state: KeyedState, latenessMs: number) {
  const openDay = (newestMs: number) => dayOf(newestMs - 2 * latenessMs) - 1;

  let sweptDay = 0;

  /** Cells that have faded make room, once a day. */
  function sweep(day: number): void {
    if (day <= sweptDay) return;
    sweptDay = day;
    for (const key of state.keys()) {
      const entry = state.get(key) as Cell;
      fold(entry, day);
      if (entry.days.length === 0 && entry.passed + entry.lost < 1) state.delete(key);
      else state.set(key, entry);
    }
  }

  return {
    learn(message: EventDraft, newestMs: number): void {
      const { what, cell } = message.data as { what: 'passed' | 'lost'; cell: string };
      const isWithdrawn = message.data.retracted === true;
      if (message.corrects !== undefined && !isWithdrawn) return; // in place of one of the same cell and day
      const by = isWithdrawn ? -1 : 1;
      const known = state.get(cell) as Cell | undefined;
      if (!known && state.size >= maxCells) sweep(openDay(newestMs));
      if (!known && (isWithdrawn || state.size >= maxCells)) return;
      const day = dayOf(eventTime(message));
      const entry = known ?? newCell(day);
      const lost = what === 'lost';
      const who = lost ? { [message.subject ?? '']: by } : {};
      count(entry, day, { passed: lost ? 0 : by, lost: lost ? by : 0, who }, openDay(newestMs));
      state.set(cell, entry);
    },
    /** Share of the passages through a place that ended in silence, and whether that is usual for several; undefined: too little is known. */
    silence(
      lon: number,
      lat: number,
      toMs: number,
    ): { readonly share: number; readonly several: boolean } | undefined {
      const entry = state.get(place(lon, lat)) as Cell | undefined;
      if (!entry) return undefined;
      const { passed, lost, who } = countedBefore(entry, dayOf(toMs - 2 * latenessMs));
      if (passed < fewestPassages) return undefined;
      const share = (lost + priorLost) / (passed + fewestPassages);
      return { share: Math.min(1, share), several: Object.keys(who).length >= fewestDevices };
    },
  };
}
