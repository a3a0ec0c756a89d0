import type { Emission } from '#flows/event';
import type { StoredEvent } from '../api/types.ts';
import type {
  WatchEntry,
  WatchImport,
  WatchList,
  WatchListView,
  WatchScreening,
} from '../api/watch-types.ts';
import type { Audit } from '../audit.ts';
import { faults } from '../faults.ts';
import type { DocumentStore, RecordStore } from '../store/store.ts';
import { keyOf, maxEntries, readEntries } from './entries.ts';
import { createScreening, type ScreenQuery } from './screen.ts';
import { createMatcher, hitType, viewOf } from './watch.ts';

export interface WatchOptions {
  readonly documents: DocumentStore;
  readonly records: RecordStore;
  readonly audit: Audit;
  readonly now: () => number;
  /** Name of this hub: hubs that share a store look at what they took in themselves. */
  readonly hub: string;
  readonly raise: (site: string, emission: Emission) => void;
  readonly onChange: (list: string) => void;
}

/** Objects that somebody has marked with one click are a list like others. */
export const designated = 'designated';

const indexName = 'watch-lists';
const documentOf = (list: string) => `watch-list:${list}`;
const hitsBack = 5000;
const atOnce = 2000;

/** Watch lists: kept, matched with all that is stored, screened against the past. */
export async function createWatch(options: WatchOptions) {
  const { documents, records, audit, now } = options;
  const cursorName = `watch.cursor.${options.hub}`;
  const lists = new Map<string, WatchList>();
  for (const name of ((await documents.get(indexName)) ?? []) as string[]) {
    const list = (await documents.get(documentOf(name))) as WatchList | undefined;
    if (list) lists.set(name, list);
  }
  const screen = createScreening(records);
  const matcher = createMatcher();
  matcher.use(lists.values());
  const hits = await records.page({ type: [hitType], limit: hitsBack });
  for (const { event } of hits.reverse()) matcher.known(event);
  let position = 0;
  let saved = await catchUp();
  position = saved;

  /** What was stored when the hub ended, and not looked at. */
  async function catchUp(): Promise<number> {
    const stored = await documents.get(cursorName);
    let cursor = typeof stored === 'number' ? stored : await records.position();
    for (;;) {
      const events = await records.after(cursor, atOnce);
      take(events);
      cursor = events.at(-1)?.position ?? cursor;
      if (events.length < atOnce) return cursor;
    }
  }

  function take(events: readonly StoredEvent[]): void {
    for (const { site, emission } of matcher.match(events)) options.raise(site, emission);
    position = events.at(-1)?.position ?? position;
  }

  function listNamed(name: string): WatchList {
    const list = lists.get(name);
    if (!list) throw faults.fault('api.notFound', { what: `watch list ${name}` });
    return list;
  }

  async function put(list: WatchList, actor: string, action: string, detail: unknown): Promise<void> {
    const changed = { ...list, changed: new Date(now()).toISOString(), by: actor };
    const isNew = !lists.has(list.name);
    lists.set(list.name, changed);
    await documents.put(documentOf(list.name), changed);
    if (isNew) await documents.put(indexName, [...lists.keys()].sort());
    matcher.use(lists.values());
    await audit.note(actor, action, list.name, detail);
    options.onChange(list.name);
  }

  const fresh = (name: string, actor: string): WatchList => ({
    name,
    title: name === designated ? 'Designated' : name,
    priority: name === designated ? 'verdict' : 'alarm',
    quietMinutes: 60,
    entries: [],
    changed: new Date(now()).toISOString(),
    by: actor,
  });

  async function addAll(name: string, entries: readonly WatchEntry[], actor: string) {
    const list = lists.get(name) ?? fresh(name, actor);
    const there = new Set(list.entries.map(({ value }) => keyOf(value)));
    const added = entries.filter(({ value }) => {
      const isNew = !there.has(keyOf(value));
      there.add(keyOf(value));
      return isNew;
    });
    if (list.entries.length + added.length > maxEntries)
      throw faults.fault('api.query', { detail: `a watch list holds ${maxEntries} entries` }, 'text');
    if (added.length > 0)
      await put({ ...list, entries: [...list.entries, ...added] }, actor, 'watch-list.add', added);
    return { added: added.length, known: entries.length - added.length };
  }

  return {
    list: (): WatchListView[] => [...lists.values()].map(viewOf).sort((a, b) => (a.name < b.name ? -1 : 1)),
    /** The designated are a list before the first is marked. */
    one: (name: string): WatchList =>
      name === designated ? (lists.get(name) ?? fresh(name, 'hub')) : listNamed(name),
    /** Events of this hub, as they are stored. */
    take,
    /** Remembers how far it looked; what comes after is looked at again after a crash. */
    async save(): Promise<void> {
      if (position === saved) return;
      saved = position;
      await documents.put(cursorName, saved);
    },
    /** Makes a list, or changes what it does. */
    async define(
      name: string,
      rules: Partial<Pick<WatchList, 'title' | 'priority' | 'quietMinutes'>>,
      actor: string,
    ): Promise<WatchListView> {
      await put({ ...(lists.get(name) ?? fresh(name, actor)), ...rules }, actor, 'watch-list.define', rules);
      return viewOf(listNamed(name));
    },
    /** Adds what a text or CSV names, a line each. */
    async add(name: string, text: string, actor: string): Promise<WatchImport> {
      const { entries, problems } = readEntries(text, new Date(now()).toISOString(), actor);
      return { ...(await addAll(name, entries, actor)), problems };
    },
    /** One thing as it is called here, whatever its check digit. */
    async designate(object: string, reason: string | undefined, actor: string): Promise<void> {
      if (keyOf(object) === '')
        throw faults.fault(
          'api.query',
          { detail: 'there is nothing in the name to compare by' },
          'params/object',
        );
      const added = new Date(now()).toISOString();
      await addAll(
        designated,
        [{ value: object, ...(reason === undefined ? {} : { note: reason }), added, by: actor }],
        actor,
      );
    },
    async remove(name: string, values: readonly string[], actor: string): Promise<number> {
      const list = listNamed(name);
      const gone = new Set(values.map(keyOf));
      const entries = list.entries.filter(({ value }) => !gone.has(keyOf(value)));
      const removed = list.entries.length - entries.length;
      if (removed > 0) await put({ ...list, entries }, actor, 'watch-list.remove', values);
      return removed;
    },
    /** Takes a list away with all its entries, which the audit keeps. What was raised by it stays. */
    async drop(name: string, actor: string): Promise<void> {
      const { title, priority, quietMinutes, entries } = listNamed(name);
      lists.delete(name);
      await documents.put(indexName, [...lists.keys()].sort());
      await documents.put(documentOf(name), null);
      matcher.use(lists.values());
      await audit.note(actor, 'watch-list.drop', name, { title, priority, quietMinutes, entries });
      options.onChange(name);
    },
    /**
     * Which entries were heard of in the past, by the subjects of events of the sites (absent: all): a page of `limit` entries after the one named
     * `after`. Pages go by name, so that a list that changes meanwhile is read through all the same.
     */
    screen: async (
      name: string,
      query: ScreenQuery,
      sites: readonly string[] | undefined,
    ): Promise<WatchScreening> => screen(listNamed(name), query, sites),
  };
}
export type Watch = Awaited<ReturnType<typeof createWatch>>;
