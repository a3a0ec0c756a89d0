import type { WatchList, WatchScreening } from '../api/watch-types.ts';
import type { Heard, RecordStore } from '../store/store.ts';
import { keyOf } from './entries.ts';

export interface ScreenQuery {
  readonly from: number;
  readonly to: number;
  /** The entry that was last on the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Events of one object are counted up to so many. */
const mostCounted = 1000;

/** Place of the first name behind `after`. */
function placeBehind(names: readonly string[], after: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] as string) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As an entry is written, and as readers would: subjects are looked up as they stand. */
const spellings = (entry: string): string[] => [
  ...new Set([entry.toUpperCase(), entry.toLowerCase(), keyOf(entry), entry]),
];

/** Screens lists page by page against what was stored. */
export function createScreening(records: RecordStore) {
  const sorted = new WeakMap<WatchList, readonly string[]>();

  /** What a list names, in order; kept for as long as the list is the same. */
  function namesOf(list: WatchList): readonly string[] {
    const names = sorted.get(list) ?? list.entries.map(({ value }) => value).sort();
    sorted.set(list, names);
    return names;
  }

  /** What was heard of a subject at the sites that a person may see; undefined: nothing. */
  async function heardAt(
    subject: string,
    from: number,
    to: number,
    site: readonly string[],
  ): Promise<Heard | undefined> {
    const found = await records.page({ subject, from, to, site, limit: mostCounted });
    const [newest, oldest] = [found[0], found.at(-1)];
    if (!newest || !oldest) return undefined;
    const [first, last] = [Date.parse(oldest.event.time), Date.parse(newest.event.time)];
    return { subject, events: found.length, first, last };
  }

  return async (
    list: WatchList,
    { from, to, after, limit }: ScreenQuery,
    sites: readonly string[] | undefined,
  ): Promise<WatchScreening> => {
    const names = namesOf(list);
    const begin = after === undefined ? 0 : placeBehind(names, after);
    const page = names.slice(begin, begin + limit);
    const entries = new Map(page.flatMap((entry) => spellings(entry).map((one) => [one, entry] as const)));
    const everywhere = await records.heard([...entries.keys()], from, to, mostCounted);
    const heard: Heard[] = [];
    for (const one of everywhere) {
      const seen = sites === undefined ? one : await heardAt(one.subject, from, to, sites);
      if (seen) heard.push(seen);
    }
    const hits = heard
      .sort((a, b) => b.last - a.last)
      .map(({ subject, events, first, last }) => ({
        ...{ entry: entries.get(subject) ?? subject, object: subject, events },
        ...{ first: iso(first), last: iso(last) },
      }));
    const last = page.at(-1);
    const next = last !== undefined && begin + page.length < names.length ? { next: last } : {};
    return { hits, screened: page.length, entries: names.length, ...next };
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
