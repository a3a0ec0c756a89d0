import type { EventPage, StoredEvent } from '#hub/api/types';
import { type Client, problemOf, type Query } from '../api/client.ts';
import type { Filters } from './address.ts';
import { arrive, catchUp, emptyFeed, type Feed, firstPage, matches, olderPage, release } from './feed.ts';
import { createLatest } from './latest.ts';
import { createStore, type Store } from './store.ts';

const pageSize = 200;

export interface FeedModel {
  readonly feed: Store<Feed>;
  /** Shows what belongs to filters and moment (ms; undefined: live). `playing` keeps rows until the next come. */
  show(filters: Filters, at: number | undefined, playing?: boolean): void;
  arrive(events: readonly StoredEvent[]): void;
  /** The stream missed something. */
  catchUp(): void;
  /** The reader is further down (true), or at the top. */
  reading(down: boolean): void;
  older(): void;
  retry(): void;
}

export function createFeedModel(client: Client): FeedModel {
  const feed = createStore<Feed>(emptyFeed);
  let filters: Filters = { priorities: [] };
  let at: number | undefined;
  let down = false;
  /** Live events that came while a page was on its way, and may not be in it. */
  let meanwhile: StoredEvent[] = [];

  const query = (): Query => ({
    priority: filters.priorities.join(','),
    site: filters.site,
    box: filters.box,
    type: filters.type,
    subject: filters.subject,
    at: at === undefined ? undefined : new Date(at).toISOString(),
    limit: pageSize,
  });

  const loads = createLatest<'first' | 'catchUp'>(async (kind, signal) => {
    meanwhile = [];
    try {
      const page = await client.get<EventPage>('/events', query(), signal);
      const known = kind === 'first' ? firstPage(page) : catchUp(feed.get(), page);
      feed.set(arrive(known, meanwhile, false));
    } catch (error) {
      if (!signal.aborted) feed.set({ ...feed.get(), status: 'failed', problem: problemOf(error) });
    }
  });
  const olderLoads = createLatest<Query>(async (from, signal) => {
    try {
      const page = await client.get<EventPage>('/events', from, signal);
      if (!signal.aborted) feed.set(olderPage(feed.get(), page));
    } catch {
      // The rows stay; scrolling on, or the button at the end, asks again.
      if (!signal.aborted) feed.set({ ...feed.get(), loadingOlder: false });
    }
  });

  return {
    feed,
    show(nextFilters, nextAt, playing = false) {
      const anew = nextFilters !== filters || nextAt === undefined;
      filters = nextFilters;
      at = nextAt;
      down = false;
      olderLoads.stop();
      if (!playing) feed.set({ ...emptyFeed, rows: feed.get().rows });
      // A cursor that is dragged or plays asks as fast as the hub answers, not faster.
      if (anew) loads.restart('first');
      else loads.request('first');
    },
    arrive(events) {
      if (at !== undefined) return;
      const mine = events.filter((event) => matches(event, filters));
      meanwhile.push(...mine);
      if (feed.get().status === 'ready') feed.set(arrive(feed.get(), mine, down));
    },
    catchUp() {
      if (at === undefined) loads.request(feed.get().status === 'ready' ? 'catchUp' : 'first');
    },
    reading(nowDown) {
      down = nowDown;
      if (!down) feed.set(release(feed.get()));
    },
    older() {
      const current = feed.get();
      const last = current.rows.at(-1);
      if (current.status !== 'ready' || current.complete || current.loadingOlder || !last) return;
      feed.set({ ...current, loadingOlder: true });
      olderLoads.restart(
        current.next === undefined
          ? { ...query(), at: last.event.time }
          : { ...query(), before: current.next },
      );
    },
    retry() {
      feed.set({ ...emptyFeed, rows: feed.get().rows });
      loads.restart('first');
    },
  };
}
