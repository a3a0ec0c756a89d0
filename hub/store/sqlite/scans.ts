import type { ScanStarted } from '#flows/scan-events';
import type { ScanCopy, ScanQuery, ScanRecordStore, ScanRow } from '../store.ts';
import type { Sql } from './open.ts';

interface Row {
  readonly id: number;
  readonly box: string;
  readonly scan: string;
  readonly site: string;
  readonly facts: string;
  readonly completed: string | null;
  readonly verdict: string | null;
  readonly picture: number;
  readonly evicted: number;
  readonly copy: ScanCopy;
}

const columns =
  'id, box, scan, site, facts, completed, verdict, thumbnail IS NOT NULL AS picture, evicted, copy';

const toRow = (row: Row): ScanRow => ({
  id: row.id,
  box: row.box,
  site: row.site,
  scan: row.scan,
  facts: JSON.parse(row.facts) as ScanStarted,
  ...(row.completed !== null && { completed: JSON.parse(row.completed) as ScanRow['completed'] & object }),
  ...(row.verdict !== null && { verdict: JSON.parse(row.verdict) as ScanRow['verdict'] & object }),
  thumbnail: row.picture === 1,
  evicted: row.evicted === 1,
  copy: row.copy,
});

/** Scans that are known by more than a verdict: what has no start yet is not shown. */
export function createScanStore(sql: Sql): ScanRecordStore {
  const one = sql.prepare<[string, string], Row>(
    `SELECT ${columns} FROM scan WHERE box = ? AND scan = ? AND started IS NOT NULL`,
  );
  const picture = sql.prepare<[string, string], { type: string; bytes: Buffer }>(
    `SELECT thumbnail_type AS type, thumbnail AS bytes FROM scan
     WHERE box = ? AND scan = ? AND thumbnail IS NOT NULL`,
  );
  const events = sql.prepare<[string, string], { sequence: number; type: string; time: string }>(
    `SELECT e.sequence, e.type, e.time FROM scan s JOIN scan_event e ON e.scan = s.id
     WHERE s.box = ? AND s.scan = ? ORDER BY e.sequence`,
  );
  const setCopy = sql.prepare('UPDATE scan SET copy = ? WHERE box = ? AND scan = ?');
  // `copy <> 'none'` is what lets the partial index be used.
  const withCopy = sql.prepare<[string, number], Row>(
    `SELECT ${columns} FROM scan
     WHERE copy = ? AND copy <> 'none' AND started IS NOT NULL ORDER BY id LIMIT ?`,
  );

  function page(query: ScanQuery): ScanRow[] {
    const where = ['started IS NOT NULL'];
    const bound: (string | number)[] = [];
    const add = (condition: string, ...more: (string | number)[]) => {
      where.push(condition);
      bound.push(...more);
    };
    const { from, to, before, subject, limit } = query;
    if (from !== undefined) add('started >= ?', from);
    if (to !== undefined) add('started <= ?', to);
    if (before) add('(started, id) < (?, ?)', before.started, before.id);
    if (subject !== undefined) add('subject = ?', subject);
    for (const column of ['box', 'site', 'scanner', 'outcome'] as const) {
      const list = query[column];
      if (list) add(`${column} IN (${list.map(() => '?').join(',')})`, ...list);
    }
    return sql
      .prepare<(string | number)[], Row>(
        `SELECT ${columns} FROM scan WHERE ${where.join(' AND ')} ORDER BY started DESC, id DESC LIMIT ?`,
      )
      .all(...bound, limit)
      .map(toRow);
  }

  return {
    page: async (query) => page(query),
    one: async (box, scan) => {
      const row = one.get(box, scan);
      return row && toRow(row);
    },
    thumbnail: async (box, scan) => picture.get(box, scan),
    events: async (box, scan) => events.all(box, scan),
    setCopy: async (box, scan, copy) => {
      setCopy.run(copy, box, scan);
    },
    withCopy: async (copy, limit) => withCopy.all(copy, limit).map(toRow),
  };
}
