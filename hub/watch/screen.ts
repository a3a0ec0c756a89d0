import type { WatchList, WatchScreening } from '../api/watch-types.ts';
import type { RecordStore } from '../store/store.ts';

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

/** Screens lists page by page against what was stored. */
export function createScreening(records: RecordStore) {
  const sorted = new WeakMap<WatchList, readonly string[]>();

  /** What a list names, in order; kept for as long as the list is the same. */
  function namesOf(list: WatchList): readonly string[] {
    const names = sorted.get(list) ?? list.entries.map(({ value }) => value).sort();
    sorted.set(list, names);
    return names;
  }

  return async (list: WatchList, { from, to, after, limit }: ScreenQuery): Promise<WatchScreening> => {
    const names = namesOf(list);
    const begin = after === undefined ? 0 : placeBehind(names, after);
    const page = names.slice(begin, begin + limit);
    const heard = await records.heard(page, from, to, mostCounted);
    const hits = heard
      .sort((a, b) => b.last - a.last)
      .map(({ subject, events, first, last }) => ({
        ...{ entry: subject, object: subject, events },
        ...{ first: iso(first), last: iso(last) },
      }));
    const last = page.at(-1);
    const next = last !== undefined && begin + page.length < names.length ? { next: last } : {};
    return { hits, screened: page.length, entries: names.length, ...next };
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
