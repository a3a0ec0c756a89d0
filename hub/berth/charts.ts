import { chartTypes, foldCharts, type InstrumentCharts } from '#flows/ore/instrument-charts';
import type { RecordStore } from '../store/store.ts';
import { inOrder, readAll } from './read-all.ts';

/** The most events for one answer: ten days of twenty checks, a point in ten minutes each. */
const maxEvents = 30_000;

/** Control charts of a berth's instruments between two moments, from the events that its box sent. */
export const createCharts =
  (records: Pick<RecordStore, 'page'>) =>
  async (box: string, from: number, to: number): Promise<InstrumentCharts> => {
    const charts: InstrumentCharts = [];
    const events = await readAll(records, { box: [box], type: chartTypes, from, to }, maxEvents);
    for (const { event } of inOrder(events)) foldCharts(charts, event);
    return charts;
  };
