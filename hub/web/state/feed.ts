import type { ApiProblem, EventPage, StoredEvent } from '#hub/api/types';
import type { Filters } from './address.ts';

/** The event list: rows newest first, and what arrived while the reader was further down. */
export interface Feed {
  readonly rows: readonly StoredEvent[];
  readonly held: readonly StoredEvent[];
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem?: ApiProblem;
  /** Cursor of the page after the last row; absent when `complete`, or when rows were let go. */
  readonly next?: string;
  /** Nothing older is at the hub. */
  readonly complete: boolean;
  readonly loadingOlder: boolean;
}

/** More rows than this are let go at the far end while the reader is at the top. */
export const maxRows = 5000;

export const emptyFeed: Feed = {
  rows: [],
  held: [],
  status: 'loading',
  complete: false,
  loadingOlder: false,
};

/** Newest first: by time, then by the hub's order. */
export const newerFirst = (a: StoredEvent, b: StoredEvent): number =>
  a.event.time === b.event.time
    ? b.position - a.position
    : Date.parse(b.event.time) - Date.parse(a.event.time) || b.position - a.position;

/** Merges two lists that may overlap; each `(box, sequence)` stays once. `a` need not be sorted. */
export function mergeRows(a: readonly StoredEvent[], b: readonly StoredEvent[]): StoredEvent[] {
  const added = [...a].sort(newerFirst);
  const known = new Set<string>();
  const rows: StoredEvent[] = [];
  let [i, j] = [0, 0];
  while (i < added.length || j < b.length) {
    const [left, right] = [added[i], b[j]];
    const row = left && (!right || newerFirst(left, right) <= 0) ? left : (right as StoredEvent);
    if (row === left) i++;
    else j++;
    if (known.has(row.event.id)) continue;
    known.add(row.event.id);
    rows.push(row);
  }
  return rows;
}

/** First page: replaces what is there. */
export const firstPage = (page: EventPage): Feed => ({
  rows: page.events,
  held: [],
  status: 'ready',
  complete: page.next === undefined,
  loadingOlder: false,
  ...(page.next === undefined ? {} : { next: page.next }),
});

/** A page anew after a gap in the stream: what was known stays, what was missed comes in. */
export function catchUp(feed: Feed, page: EventPage): Feed {
  const oldest = page.events.at(-1);
  const newest = feed.rows[0];
  // Does the page reach back to what is known? If not, there is a hole, and the page starts over.
  if (!oldest || !newest || newerFirst(newest, oldest) > 0) return firstPage(page);
  return { ...feed, rows: mergeRows(page.events, feed.rows), held: [], status: 'ready' };
}

export const olderPage = (feed: Feed, page: EventPage): Feed => {
  const { next: _, ...rest } = feed;
  return {
    ...rest,
    rows: mergeRows(page.events, feed.rows),
    complete: page.next === undefined,
    loadingOlder: false,
    ...(page.next === undefined ? {} : { next: page.next }),
  };
};

/** Live events; `reading`: the reader is further down, so that rows must not move under his eyes. */
export function arrive(feed: Feed, events: readonly StoredEvent[], reading: boolean): Feed {
  if (events.length === 0 || feed.status === 'failed') return feed;
  if (reading) return { ...feed, held: mergeRows(events, feed.held).slice(0, maxRows) };
  return trim({ ...feed, rows: mergeRows(events, mergeRows(feed.held, feed.rows)), held: [] });
}

/** The reader is at the top again: what was held comes in. */
export const release = (feed: Feed): Feed =>
  feed.held.length === 0 ? feed : trim({ ...feed, rows: mergeRows(feed.held, feed.rows), held: [] });

function trim(feed: Feed): Feed {
  if (feed.rows.length <= maxRows) return feed;
  const { next: _, ...rest } = feed;
  return { ...rest, rows: feed.rows.slice(0, maxRows - 1000), complete: false };
}

/** Whether an event belongs to a list with these filters, apart from `text`. The hub filters the same way. */
export function matches({ event }: StoredEvent, filters: Filters): boolean {
  const { priorities, site, box, type, subject } = filters;
  return (
    (priorities.length === 0 || priorities.includes(event.priority)) &&
    (site === undefined || event.site === site) &&
    (box === undefined || event.box === box) &&
    (subject === undefined || event.subject === subject) &&
    (type === undefined ||
      (type.endsWith('*') ? event.type.startsWith(type.slice(0, -1)) : event.type === type))
  );
}
