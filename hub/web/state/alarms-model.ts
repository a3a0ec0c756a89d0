import type { EventPage, StoredEvent } from '#hub/api/types';
import type { Client } from '../api/client.ts';
import { objectOf } from '../format/object-of.ts';
import { isOver } from '../format/severity.ts';
import { mergeRows } from './feed.ts';
import { createLatest } from './latest.ts';
import { standing } from './replaced.ts';
import { createStore, type Store } from './store.ts';

/** Alarms younger than this mark their object and fence on the map. */
export const activeForMs = 600_000;
const kept = 200;

export interface Alarms {
  /** Newest first, up to the moment shown. */
  readonly recent: readonly StoredEvent[];
  /** Live alarms that came while the past is shown. */
  readonly missed: number;
  readonly known: boolean;
}

export interface AlarmsModel {
  readonly alarms: Store<Alarms>;
  show(at: number | undefined): void;
  arrive(events: readonly StoredEvent[]): void;
  catchUp(): void;
}

/** The latest alarms, whatever the event list filters. */
export function createAlarmsModel(client: Client): AlarmsModel {
  const alarms = createStore<Alarms>({ recent: [], missed: 0, known: false });
  let at: number | undefined;
  let live: readonly StoredEvent[] = [];
  const page = (query: { at?: string }, signal: AbortSignal) =>
    client.get<EventPage>('/events', { priority: 'alarm', limit: kept, ...query }, signal);
  const showLive = () => {
    if (at === undefined) alarms.set({ recent: live, missed: 0, known: true });
  };
  const take = (events: readonly StoredEvent[]) => {
    live = mergeRows(events, live).slice(0, kept);
    showLive();
  };
  // A list that cannot be had leaves what is there: the link's own state says that it is old.
  const liveLoads = createLatest<void>((_, signal) => page({}, signal).then((p) => take(p.events)));
  const pastLoads = createLatest<number>(async (moment, signal) => {
    const { events } = await page({ at: new Date(moment).toISOString() }, signal);
    if (at !== undefined) alarms.set({ ...alarms.get(), recent: events, known: true });
  });
  return {
    alarms,
    show(moment) {
      at = moment;
      if (moment !== undefined) return pastLoads.request(moment);
      pastLoads.stop();
      showLive();
    },
    arrive(events) {
      const mine = events.filter((each) => each.event.priority === 'alarm');
      if (mine.length === 0) return;
      take(mine);
      if (at !== undefined) alarms.set({ ...alarms.get(), missed: alarms.get().missed + mine.length });
    },
    catchUp: () => liveLoads.request(),
  };
}

/** Ids of objects and fences with an alarm in the ten minutes before `moment`. Those that were withdrawn, or say that something is over, do not count. */
export function active(recent: readonly StoredEvent[], moment: number) {
  const objects = new Set<string>();
  const fences = new Set<string>();
  for (const { event } of standing(recent)) {
    const ageMs = moment - Date.parse(event.time);
    if (ageMs < -1000 || ageMs > activeForMs || event.data.retracted === true || isOver(event)) continue;
    const object = objectOf(event);
    if (object) objects.add(object);
    if (typeof event.data.fence === 'string') fences.add(event.data.fence);
  }
  return { objects, fences };
}
