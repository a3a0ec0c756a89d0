import type { Event } from '#flows/event';
import type { Problem } from '#flows/fault';
import type { Batch, Tombstone } from '#flows/wire';
import { faults } from '../faults.ts';
import type { Item } from '../store/store.ts';
import { checkEvent, checkTombstone } from './check.ts';

export interface Followed {
  /** What is new, in order and without a gap from the watermark on. */
  readonly fresh: readonly Item[];
  /** Events at or below the watermark: they were stored before, and must be the same. */
  readonly repeated: readonly Event[];
  /** The first thing that does not follow; nothing after it was looked at. */
  readonly problem?: Problem;
}

const firstOf = (item: Item): number => (item.event ? item.event.sequence : item.tombstone.from);

/** Events and tombstones of a batch as one list; events must ascend, tombstones go where they belong. */
function merge(batch: Batch, texts?: readonly string[]): { items: Item[]; problem?: Problem } {
  const items: Item[] = [];
  for (const tombstone of batch.tombstones) {
    const problem = checkTombstone(tombstone, batch);
    if (problem) return { items: [], problem };
    items.push({ tombstone });
  }
  let before = 0;
  let problem: Problem | undefined;
  for (const [at, event] of batch.events.entries()) {
    problem = checkEvent(event, batch);
    if (!problem && event.sequence <= before)
      problem = faults.problem('ingest.order', { sequence: event.sequence, before });
    if (problem) break;
    before = event.sequence;
    const text = texts?.[at];
    items.push(text === undefined ? { event } : { event, text });
  }
  if (batch.tombstones.length > 0) items.sort((a, b) => firstOf(a) - firstOf(b));
  return problem ? { items, problem } : { items };
}

/**
 * Whether the next thing joins on. An event names the one before it, which is the watermark or, after
 * a tombstone, something in its range; a tombstone may begin anywhere above what it says was before.
 */
function joins(item: Item, upto: number, buried: Tombstone | undefined): boolean {
  const previous = item.event ? item.event.previous : item.tombstone.previous;
  if (previous === upto) return true;
  return item.event
    ? buried !== undefined && previous >= buried.previous && previous <= upto
    : previous < upto;
}

/**
 * Splits a batch into what is new and what was there, by the chain of `previous` from `watermark` on;
 * `buried` is the tombstone that the watermark stands on, if it does; `texts` are the events as they came.
 */
export function follow(
  batch: Batch,
  watermark: number,
  buried?: Tombstone,
  texts?: readonly string[],
): Followed {
  const { items, problem } = merge(batch, texts);
  const fresh: Item[] = [];
  const repeated: Event[] = [];
  let upto = watermark;
  let grave = buried;
  for (const item of items) {
    const last = item.event ? item.event.sequence : item.tombstone.to;
    if (last <= upto) {
      if (item.event) repeated.push(item.event);
      continue;
    }
    if (!joins(item, upto, grave)) {
      const previous = item.event ? item.event.previous : item.tombstone.previous;
      const gap = faults.problem('ingest.gap', { sequence: firstOf(item), previous, upto });
      return { fresh, repeated, problem: item.tombstone && problem ? problem : gap };
    }
    fresh.push(item);
    upto = last;
    grave = item.tombstone;
  }
  return { fresh, repeated, ...(problem && { problem }) };
}
