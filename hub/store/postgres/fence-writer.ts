import { changeFences } from '../fences.ts';
import { bulk, type Queries } from './database.ts';

interface Change {
  readonly time: number;
  readonly position: number;
  readonly fence: string;
  readonly inside: boolean;
  /** All that contains the object from then on, as JSON; absent: not told yet. */
  readonly fences?: string;
}
interface Row extends Change {
  readonly object: string;
}

interface Touched {
  readonly added: Change[];
  readonly withdrawn: Set<number>;
  /** Earliest change of this commit: what lies after it is told anew. */
  since: number;
}

/** Changes of what contains objects, of one commit: late and withdrawn ones included. */
export function createFences() {
  const touched = new Map<string, Touched>();
  const touch = (object: string, time: number): Touched => {
    const known = touched.get(object) ?? { added: [], withdrawn: new Set(), since: time };
    known.since = Math.min(known.since, time);
    touched.set(object, known);
    return known;
  };

  return {
    add(object: string, change: Change): void {
      touch(object, change.time).added.push(change);
    },
    withdraw(object: string, time: number, position: number): void {
      const { added, withdrawn } = touch(object, time);
      const at = added.findIndex((change) => change.position === position);
      if (at >= 0) added.splice(at, 1);
      else withdrawn.add(position);
    },
    async write(queries: Queries): Promise<void> {
      if (touched.size === 0) return;
      const before = await stateBefore(queries, touched);
      const later = await changesSince(queries, touched);
      const rows: (readonly unknown[])[] = [];
      for (const [object, { added, withdrawn }] of touched) {
        const kept = (later.get(object) ?? []).filter(({ position }) => !withdrawn.has(position));
        const all = kept.length === 0 ? added : [...kept, ...added];
        let fences = before.get(object) ?? '[]';
        for (const change of all.sort((a, b) => a.time - b.time || a.position - b.position)) {
          fences = changeFences(fences, change.fence, change.inside);
          if (change.fences === fences) continue;
          const { time, position, fence, inside } = change;
          rows.push([object, time, position, fence, inside, fences]);
        }
        if (withdrawn.size > 0)
          await queries.run('DELETE FROM fence_change WHERE object = $1 AND position = ANY($2::bigint[])', [
            object,
            [...withdrawn],
          ]);
      }
      const types = ['text', 'bigint', 'bigint', 'text', 'boolean', 'text'];
      const again = 'ON CONFLICT (object, time, position) DO UPDATE SET fences = excluded.fences';
      await bulk(queries, 'fence_change', types, rows, again);
    },
  };
}

const columnsOf = (touched: ReadonlyMap<string, Touched>) => [
  [...touched.keys()],
  [...touched.values()].map(({ since }) => since),
];

async function stateBefore(queries: Queries, touched: ReadonlyMap<string, Touched>) {
  const rows = await queries.rows<{ object: string; fences: string }>(
    `SELECT n.object, c.fences FROM unnest($1::text[], $2::bigint[]) AS n (object, since),
     LATERAL (SELECT fences FROM fence_change f WHERE f.object = n.object AND f.time < n.since
              ORDER BY f.time DESC, f.position DESC LIMIT 1) c`,
    columnsOf(touched),
  );
  return new Map(rows.map(({ object, fences }) => [object, fences]));
}

async function changesSince(queries: Queries, touched: ReadonlyMap<string, Touched>) {
  const rows = await queries.rows<Row>(
    `SELECT c.* FROM unnest($1::text[], $2::bigint[]) AS n (object, since),
     LATERAL (SELECT * FROM fence_change f WHERE f.object = n.object AND f.time >= n.since) c`,
    columnsOf(touched),
  );
  const later = new Map<string, Row[]>();
  for (const row of rows) {
    const list = later.get(row.object);
    if (list) list.push(row);
    else later.set(row.object, [row]);
  }
  return later;
}
