import type { StoredEvent } from '../api/types.ts';
import type { EventQuery, RecordStore } from '../store/store.ts';

/** Events that are read at a time. */
export const pageEvents = 1000;

/** A box numbers its events in the order in which it concluded them. */
export const inOrder = (events: readonly StoredEvent[]): StoredEvent[] =>
  [...events].sort((a, b) => a.event.sequence - b.event.sequence);

/** Page by page, newest first, `most` at the most. */
export async function readAll(
  records: Pick<RecordStore, 'page'>,
  query: Omit<EventQuery, 'limit' | 'before'>,
  most: number,
): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  let before: EventQuery['before'];
  while (found.length < most) {
    const limit = Math.min(pageEvents, most - found.length);
    const page = await records.page({ ...query, limit, ...(before ? { before } : {}) });
    found.push(...page);
    const last = page.at(-1);
    if (page.length < limit || !last) break;
    before = { time: Date.parse(last.event.time), position: last.position };
  }
  return found;
}
