import type { Tombstone } from '#flows/wire';
import type { Item, RecordStore } from '../store/store.ts';

/**
 * A box that lost its keys sends what it had not heard of as stored under the id that it has now. What the hub has under the
 * former id is not stored twice: a tombstone without events stands in its place, one for each run.
 */
export async function withoutFormer(
  items: readonly Item[],
  records: Pick<RecordStore, 'one'>,
): Promise<readonly Item[]> {
  if (!items.some(({ event }) => event?.formerid !== undefined)) return items;
  const kept: Item[] = [];
  let run: Tombstone | undefined;
  for (const item of items) {
    const { event } = item;
    if (event?.formerid === undefined || !(await isStored(event.formerid, records))) {
      kept.push(item);
      run = undefined;
      continue;
    }
    if (run) kept.pop();
    const { sequence, previous, priority } = event;
    run = run
      ? { ...run, to: sequence }
      : { priority, from: sequence, to: sequence, count: 0, previous, reason: 'refused' };
    kept.push({ tombstone: run });
  }
  return kept;
}

async function isStored(id: string, records: Pick<RecordStore, 'one'>): Promise<boolean> {
  const [, box = '', sequence = ''] = /^(.+):(\d{1,15})$/.exec(id) ?? [];
  return box !== '' && (await records.one(box, Number(sequence))) !== undefined;
}
