import type { RecordStore } from '../store/store.ts';
import { createTaps, type TapsOptions } from '../taps.ts';
import { createBoards } from './boards.ts';
import { createCharts } from './charts.ts';
import { createBerthLive } from './live.ts';

export interface BerthsOptions extends Omit<TapsOptions, 'deliver'> {
  readonly records: Pick<RecordStore, 'page'>;
}

/** Berths as the hub knows them: boards from events, views over taps of its own. */
export function createBerths({ records, ...options }: BerthsOptions) {
  const taps = createTaps({ ...options, deliver: (box, report) => live.report(box, report) });
  const live = createBerthLive({ now: options.now, start: (box, wish) => taps.start(box, wish) });
  return { boards: createBoards(records), charts: createCharts(records), live, report: taps.report };
}
export type Berths = ReturnType<typeof createBerths>;
