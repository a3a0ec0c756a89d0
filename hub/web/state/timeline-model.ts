import type { StoredEvent, Timeline } from '#hub/api/types';
import type { Client } from '../api/client.ts';
import { createLatest } from './latest.ts';
import { createStore, type Store } from './store.ts';

/** Lengths of time that the bar can show, ms; `all` is what the hub holds. */
export const ranges = [
  { name: '1 h', ms: 3_600_000 },
  { name: '6 h', ms: 6 * 3_600_000 },
  { name: '24 h', ms: 24 * 3_600_000 },
  { name: '7 d', ms: 7 * 24 * 3_600_000 },
] as const;
export type RangeName = (typeof ranges)[number]['name'];

export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The window of the bar: it ends at the present, unless the cursor's moment would lie outside; then
 * the moment is in its middle.
 */
export function windowFor(lengthMs: number, moment: number, now: number): Window {
  if (moment >= now - lengthMs) return { from: now - lengthMs, to: now };
  return { from: moment - lengthMs / 2, to: moment + lengthMs / 2 };
}

export interface TimelineModel {
  readonly timeline: Store<Timeline | undefined>;
  /** Counts of the last hour, for the status bar: of the present, whatever moment is shown. */
  readonly lastHour: Store<{ alarm: number; verdict: number; telemetry: number } | undefined>;
  load(window: Window): void;
  loadHour(now: number): void;
  arrive(events: readonly StoredEvent[]): void;
}

const bucketCount = 240;
const total = (timeline: Timeline) => {
  const sum = { alarm: 0, verdict: 0, telemetry: 0 };
  for (const bucket of timeline.counts)
    for (const key of ['alarm', 'verdict', 'telemetry'] as const) sum[key] += bucket[key];
  return sum;
};

export function createTimelineModel(client: Client): TimelineModel {
  const timeline = createStore<Timeline | undefined>(undefined);
  const lastHour = createStore<ReturnType<typeof total> | undefined>(undefined);
  const ask = ({ from, to }: Window, buckets: number, signal: AbortSignal) =>
    client.get<Timeline>(
      '/timeline',
      { from: new Date(from).toISOString(), to: new Date(to).toISOString(), buckets },
      signal,
    );
  const loads = createLatest<Window>(async (window, signal) =>
    timeline.set(await ask(window, bucketCount, signal)),
  );
  const hours = createLatest<number>(async (moment, signal) =>
    lastHour.set(total(await ask({ from: moment - 3_600_000, to: moment }, 60, signal))),
  );
  return {
    timeline,
    lastHour,
    load: (window) => loads.request(window),
    loadHour: (moment) => hours.request(moment),
    arrive(events) {
      const shown = timeline.get();
      if (shown && events.length > 0) timeline.set(counted(shown, events));
    },
  };
}

/** The timeline with live events counted in; what lies outside waits for the next load. */
export function counted(timeline: Timeline, events: readonly StoredEvent[]): Timeline {
  const counts = [...timeline.counts];
  const from = Date.parse(timeline.from);
  for (const { event } of events) {
    const index = Math.floor((Date.parse(event.time) - from) / (timeline.bucketS * 1000));
    const bucket = counts[index];
    if (bucket) counts[index] = { ...bucket, [event.priority]: bucket[event.priority] + 1 };
  }
  return { ...timeline, counts };
}
