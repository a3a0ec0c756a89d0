import { changeFences } from '../fences.ts';
import type { Sql } from './open.ts';
import { createRows } from './rows.ts';

/** The newest change of an object: what comes after it needs no look into the table. */
interface Newest {
  readonly time: number;
  readonly position: number;
  /** Names of the fences that it is in since then, sorted, as JSON. */
  readonly fences: string;
}

/** More objects than this are looked up anew. */
const limit = 50_000;

/**
 * Changes of what contains an object, each with all that contains it from then on; late ones tell anew what lies
 * after them. The caller holds the transaction, calls `flush` at its end, and `forget` when it was rolled back.
 */
export function createFenceWriter(sql: Sql) {
  const rows = createRows(sql, 'fence_change (object, time, position, fence, inside, fences)');
  const before = sql.prepare<[number, number, number], Newest>(
    `SELECT time, position, fences FROM fence_change WHERE object = ? AND (time, position) < (?, ?)
     ORDER BY time DESC, position DESC LIMIT 1`,
  );
  const after = sql.prepare<
    [number, number, number],
    { time: number; position: number; fence: string; inside: number }
  >(
    `SELECT time, position, fence, inside FROM fence_change
     WHERE object = ? AND (time, position) > (?, ?) ORDER BY time, position`,
  );
  const set = sql.prepare(
    'UPDATE fence_change SET fences = ? WHERE object = ? AND time = ? AND position = ?',
  );
  const drop = sql.prepare('DELETE FROM fence_change WHERE object = ? AND time = ? AND position = ?');
  const newest = new Map<number, Newest>();

  /** The last change before a moment, of what is written and what waits. */
  function find(id: number, time: number, position: number): string {
    rows.flush();
    return before.get(id, time, position)?.fences ?? '[]';
  }

  /** Late data: what lies after it is told anew from there on. */
  function retell(id: number, time: number, position: number, from: string): void {
    let fences = from;
    rows.flush();
    for (const row of after.all(id, time, position)) {
      fences = changeFences(fences, row.fence, row.inside === 1);
      set.run(fences, id, row.time, row.position);
    }
    newest.delete(id);
  }

  function latest(id: number): Newest {
    const known = newest.get(id);
    if (known) return known;
    rows.flush();
    return (
      before.get(id, Number.MAX_SAFE_INTEGER, 0) ?? {
        time: Number.NEGATIVE_INFINITY,
        position: 0,
        fences: '[]',
      }
    );
  }

  return {
    write(id: number, time: number, position: number, fence: { id: string; inside: boolean }): void {
      const last = latest(id);
      const isLate = time < last.time || (time === last.time && position < last.position);
      const fences = changeFences(isLate ? find(id, time, position) : last.fences, fence.id, fence.inside);
      rows.add(id, time, position, fence.id, fence.inside ? 1 : 0, fences);
      if (isLate) {
        retell(id, time, position, fences);
        return;
      }
      if (newest.size >= limit) newest.clear();
      newest.set(id, { time, position, fences });
    },
    /** Takes a change back. */
    withdraw(id: number, time: number, position: number): void {
      rows.flush();
      if (drop.run(id, time, position).changes > 0) retell(id, time, position, find(id, time, position));
    },
    flush: () => rows.flush(),
    forget(): void {
      rows.forget();
      newest.clear();
    },
  };
}
