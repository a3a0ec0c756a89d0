import { changeFences } from '../fences.ts';
import type { Insert, Queries } from './database.ts';

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
    /** Rows that are new, and those that are told anew; what was withdrawn is deleted. */
    async inserts(queries: Queries): Promise<Insert[]> {
      if (touched.size === 0) return [];
      const { before, later } = await around(queries, touched);
      const fresh: (readonly unknown[])[] = [];
      const again: (readonly unknown[])[] = [];
      for (const [object, { added, withdrawn }] of touched) {
        const kept = (later.get(object) ?? []).filter(({ position }) => !withdrawn.has(position));
        const all = kept.length === 0 ? added : [...kept, ...added];
        let fences = before.get(object) ?? '[]';
        for (const change of all.sort((a, b) => a.time - b.time || a.position - b.position)) {
          fences = changeFences(fences, change.fence, change.inside);
          if (change.fences === fences) continue;
          const { time, position, fence, inside } = change;
          (change.fences === undefined ? fresh : again).push([object, time, position, fence, inside, fences]);
        }
        if (withdrawn.size > 0)
          await queries.run('DELETE FROM fence_change WHERE object = $1 AND position = ANY($2::bigint[])', [
            object,
            [...withdrawn],
          ]);
      }
      const table = 'fence_change';
      const types = ['text', 'bigint', 'bigint', 'text', 'boolean', 'text'];
      const after = 'ON CONFLICT (object, time, position) DO UPDATE SET fences = excluded.fences';
      return [
        { table, types, rows: fresh },
        { table, types, rows: again, after },
      ];
    },
  };
}

/** What contained each object before its first change, and all its changes from then on. */
async function around(queries: Queries, touched: ReadonlyMap<string, Touched>) {
  const rows = await queries.rows<Row & { readonly past: boolean }>(
    `WITH n AS (SELECT * FROM unnest($1::text[], $2::bigint[]) AS n (object, since))
     SELECT c.*, true AS past FROM n, LATERAL (
       SELECT * FROM fence_change f WHERE f.object = n.object AND f.time < n.since
       ORDER BY f.time DESC, f.position DESC LIMIT 1) c
     UNION ALL SELECT c.*, false FROM n JOIN fence_change c ON c.object = n.object AND c.time >= n.since`,
    [[...touched.keys()], [...touched.values()].map(({ since }) => since)],
  );
  const before = new Map<string, string>();
  const later = new Map<string, Row[]>();
  for (const { past, ...row } of rows) {
    const list = later.get(row.object);
    if (past) before.set(row.object, row.fences ?? '[]');
    else if (list) list.push(row);
    else later.set(row.object, [row]);
  }
  return { before, later };
}
