import type { Emission, Event } from '#flows/event';
import type { StoredEvent } from '../api/types.ts';
import type { WatchList, WatchListView } from '../api/watch-types.ts';
import { keyOf } from './entries.ts';
import { namesIn } from './names.ts';

export const hitType = 'quaywatch.watch.hit';

/** An entry that a name in an event is. */
interface Watched {
  readonly list: WatchList;
  readonly entry: WatchList['entries'][number];
}

export const viewOf = ({ entries, ...list }: WatchList): WatchListView => ({
  ...list,
  entries: entries.length,
});

/** Entries by what they are compared by: one look-up a name, however many entries there are. */
export function indexOf(lists: Iterable<WatchList>): ReadonlyMap<string, readonly Watched[]> {
  const index = new Map<string, Watched[]>();
  for (const list of lists)
    for (const entry of list.entries) {
      const key = keyOf(entry.value);
      const same = index.get(key);
      if (same) same.push({ list, entry });
      else index.set(key, [{ list, entry }]);
    }
  return index;
}

/** More than this is forgotten: then an object may be told of again within its quiet time. */
const maxKnown = 100_000;
/** Of one entry and object. */
const maxMoments = 100;

/**
 * Finds watched names in stored events. What was told is known again from the stored hits themselves, so that an event that is looked at a
 * second time after a crash raises nothing twice.
 */
export function createMatcher() {
  let index: ReadonlyMap<string, readonly Watched[]> = new Map();
  /** Moments of what was told of an entry and object, each its own quiet time: what comes late may lie before them all. */
  const told = new Map<string, number[]>();
  const causes = new Set<string>();
  const keyFor = (list: string, entry: string, object: string) => `${list}\n${keyOf(entry)}\n${object}`;

  function remember(key: string, ms: number): void {
    if (told.size > maxKnown) told.clear();
    told.set(key, [...(told.get(key) ?? []), ms].slice(-maxMoments));
  }

  function isNew({ list, entry }: Watched, object: string, cause: string, ms: number): boolean {
    const key = keyFor(list.name, entry.value, object);
    if (causes.has(`${key}\n${cause}`)) return false;
    const quietMs = list.quietMinutes * 60_000;
    if (told.get(key)?.some((before) => Math.abs(ms - before) < quietMs)) return false;
    remember(key, ms);
    return true;
  }

  function hit({ list, entry }: Watched, field: string, event: Event, object: string): Emission {
    const { lon, lat, fence, point } = event.data;
    const known = Object.entries({ lon, lat, fence, point, note: entry.note });
    return {
      type: hitType,
      priority: list.priority,
      subject: object,
      time: event.time,
      stage: 'watch',
      data: {
        list: list.name,
        title: list.title,
        entry: entry.value,
        field,
        object,
        cause: event.id,
        causeType: event.type,
        ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
      },
    };
  }

  return {
    use(lists: Iterable<WatchList>): void {
      index = indexOf(lists);
    },
    /** A hit that is stored already. */
    known({ data, time }: Event): void {
      const key = keyFor(String(data.list), String(data.entry), String(data.object));
      causes.add(`${key}\n${String(data.cause)}`);
      remember(key, Date.parse(time));
    },
    /** What the events raise, with the site that each goes to. */
    match(events: readonly StoredEvent[]): { site: string; emission: Emission }[] {
      if (index.size === 0) return [];
      const hits: { site: string; emission: Emission }[] = [];
      for (const { event } of events) {
        // what is taken back names nobody
        if (event.type === hitType || event.data.retracted === true) continue;
        for (const { field, name } of namesIn(event))
          for (const watched of index.get(keyOf(name)) ?? []) {
            const object = event.subject ?? name;
            if (isNew(watched, object, event.id, Date.parse(event.time)))
              hits.push({ site: event.site, emission: hit(watched, field, event, object) });
          }
      }
      return hits;
    },
  };
}
