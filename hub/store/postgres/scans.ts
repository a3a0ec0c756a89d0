import type { ScanStarted } from '#flows/scan-events';
import type { ScanCopy, ScanQuery, ScanRecordStore, ScanRow } from '../store.ts';
import type { Queries } from './database.ts';

interface Row {
  readonly id: number;
  readonly box: string;
  readonly scan: string;
  readonly site: string;
  readonly facts: string;
  readonly completed: string | null;
  readonly verdict: string | null;
  readonly picture: boolean;
  readonly evicted: boolean;
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
  thumbnail: row.picture,
  evicted: row.evicted,
  copy: row.copy,
});

/** Scans that are known by more than a verdict: what has no start yet is not shown. */
export function createScanStore(database: Queries): ScanRecordStore {
  function page(query: ScanQuery): Promise<Row[]> {
    const where = ['started IS NOT NULL'];
    const values: unknown[] = [];
    const add = (condition: (at: string) => string, value: unknown) => {
      values.push(value);
      where.push(condition(`$${values.length}`));
    };
    const { from, to, before, subject, limit } = query;
    if (from !== undefined) add((at) => `started >= ${at}`, from);
    if (to !== undefined) add((at) => `started <= ${at}`, to);
    if (subject !== undefined) add((at) => `subject = ${at}`, subject);
    if (before) {
      values.push(before.started, before.id);
      where.push(`(started, id) < ($${values.length - 1}, $${values.length})`);
    }
    for (const column of ['box', 'site', 'scanner', 'outcome'] as const)
      if (query[column]) add((at) => `${column} = ANY(${at})`, query[column]);
    return database.rows<Row>(
      `SELECT ${columns} FROM scan WHERE ${where.join(' AND ')}
       ORDER BY started DESC, id DESC LIMIT $${values.length + 1}`,
      [...values, limit],
    );
  }

  return {
    page: async (query) => (await page(query)).map(toRow),
    async one(box, scan) {
      const [row] = await database.rows<Row>(
        `SELECT ${columns} FROM scan WHERE box = $1 AND scan = $2 AND started IS NOT NULL`,
        [box, scan],
      );
      return row && toRow(row);
    },
    thumbnail: async (box, scan) =>
      (
        await database.rows<{ type: string; bytes: Buffer }>(
          `SELECT thumbnail_type AS type, thumbnail AS bytes FROM scan
           WHERE box = $1 AND scan = $2 AND thumbnail IS NOT NULL`,
          [box, scan],
        )
      )[0],
    events: (box, scan) =>
      database.rows(
        `SELECT e.sequence, e.type, e.time FROM scan s JOIN scan_event e ON e.scan = s.id
         WHERE s.box = $1 AND s.scan = $2 ORDER BY e.sequence`,
        [box, scan],
      ),
    async setCopy(box, scan, copy) {
      await database.run('UPDATE scan SET copy = $3 WHERE box = $1 AND scan = $2', [box, scan, copy]);
    },
    withCopy: async (copy, limit) =>
      (
        await database.rows<Row>(
          `SELECT ${columns} FROM scan
           WHERE copy = $1 AND copy <> 'none' AND started IS NOT NULL ORDER BY id LIMIT $2`,
          [copy, limit],
        )
      ).map(toRow),
  };
}
