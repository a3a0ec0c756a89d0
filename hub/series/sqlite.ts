import Database from 'better-sqlite3';
import { faults } from '../faults.ts';
import {
  type Bucket,
  type Curve,
  type CurveQuery,
  dayMs,
  minuteMs,
  type Point,
  type Retention,
  type SeriesKey,
  type SeriesStore,
} from './series.ts';

const schemaVersion = 1;
const schema = `
  CREATE TABLE series (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, box TEXT NOT NULL, site TEXT NOT NULL,
    device TEXT NOT NULL, unit TEXT NOT NULL, UNIQUE (name, box, device, unit, site)
  ) STRICT;
  CREATE TABLE point (
    series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (series, time)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE minute (
    series INTEGER NOT NULL, time INTEGER NOT NULL, count INTEGER NOT NULL, sum REAL NOT NULL,
    min REAL NOT NULL, max REAL NOT NULL, PRIMARY KEY (series, time)
  ) STRICT, WITHOUT ROWID;
`;

/** Series in one SQLite file. Throws `store.version`. */
export function openSqliteSeries(file: string, retention: Retention): SeriesStore {
  const sql = new Database(file, { timeout: 5000 });
  sql.pragma('journal_mode = WAL');
  // What a power cut takes from here is projected again, from where the cursor is durable.
  sql.pragma('synchronous = FULL');
  const found = sql.pragma('user_version', { simple: true }) as number;
  if (found > schemaVersion) {
    sql.close();
    throw faults.fault('store.version', { found, known: schemaVersion }, file);
  }
  if (found === 0) {
    sql.transaction(() => {
      sql.exec(schema);
      sql.pragma(`user_version = ${schemaVersion}`);
    })();
  }
  const enter = sql.prepare(
    'INSERT INTO series (name, box, device, unit, site) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const find = sql.prepare<string[], { id: number }>(
    'SELECT id FROM series WHERE name = ? AND box = ? AND device = ? AND unit = ? AND site = ?',
  );
  const insert = sql.prepare(
    'INSERT INTO point VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  // A minute is counted anew from its points, so that a point that comes twice counts once.
  const summarize = sql.prepare(
    `INSERT OR REPLACE INTO minute SELECT series, ?, count(*), sum(value), min(value), max(value) FROM point
     WHERE series = ? AND time >= ? AND time < ? GROUP BY series`,
  );
  const idOf = ({ name, box, device, unit, site }: SeriesKey): number => {
    const values = [name, box, device, unit, site];
    const known = find.get(...values);
    if (known) return known.id;
    return Number(enter.run(...values).lastInsertRowid);
  };
  let oldest = Number.NEGATIVE_INFINITY;

  const write = sql.transaction((points: readonly Point[]) => {
    const minutes = new Map<string, readonly [id: number, minute: number]>();
    for (const point of points) {
      if (point.time < oldest) continue; // its neighbours are gone: the minute would be counted wrong
      const id = idOf(point);
      insert.run(id, point.time, point.value);
      const minute = Math.floor(point.time / minuteMs) * minuteMs;
      minutes.set(`${id} ${minute}`, [id, minute]);
    }
    for (const [id, minute] of minutes.values()) summarize.run(minute, id, minute, minute + minuteMs);
  });

  function read({ name, box, device, sites, from, to, bucketS }: CurveQuery): Curve[] {
    const where = ['s.name = ?'];
    const bound: (string | number)[] = [name];
    const add = (condition: string, ...values: string[]) => {
      where.push(condition);
      bound.push(...values);
    };
    if (box !== undefined) add('s.box = ?', box);
    if (device !== undefined) add('s.device = ?', device);
    if (sites) add(`s.site IN (${sites.map(() => '?').join(',')})`, ...sites);
    const bucketMs = bucketS * 1000;
    const [table, count, sum, min, max] =
      bucketMs % minuteMs === 0
        ? ['minute', 'sum(p.count)', 'sum(p.sum)', 'min(p.min)', 'max(p.max)']
        : ['point', 'count(*)', 'sum(p.value)', 'min(p.value)', 'max(p.value)'];
    const rows = sql
      .prepare<
        (string | number)[],
        SeriesKey & { id: number; at: number; count: number; sum: number } & Bucket
      >(
        `SELECT s.*, CAST(p.time / ? AS INTEGER) AS at, ${count} AS count, ${sum} AS sum, ${min} AS min, ${max} AS max
         FROM series s JOIN ${table} p ON p.series = s.id AND p.time >= ? AND p.time < ?
         WHERE ${where.join(' AND ')} GROUP BY s.id, at ORDER BY s.box, s.device, s.unit, s.id, at`,
      )
      .all(bucketMs, from, to, ...bound);
    const curves: (SeriesKey & { id: number; buckets: Bucket[] })[] = [];
    for (const row of rows) {
      let curve = curves.at(-1);
      if (curve?.id !== row.id) {
        const { id, unit, site } = row;
        curve = { id, name, box: row.box, site, device: row.device, unit, buckets: [] };
        curves.push(curve);
      }
      const mean = row.sum / row.count;
      curve.buckets.push({ time: row.at * bucketMs, count: row.count, mean, min: row.min, max: row.max });
    }
    return curves.map(({ id: _, ...curve }) => curve);
  }

  return {
    write: async (points) => write(points),
    read: async (query) => read(query),
    list: async () =>
      sql
        .prepare<[], SeriesKey>(
          'SELECT name, box, site, device, unit FROM series ORDER BY name, box, device, unit, site',
        )
        .all(),
    async sweep(now) {
      oldest = Math.floor((now - retention.pointDays * dayMs) / minuteMs) * minuteMs;
      sql.prepare('DELETE FROM point WHERE time < ?').run(oldest);
      sql.prepare('DELETE FROM minute WHERE time < ?').run(now - retention.minuteDays * dayMs);
    },
    close: async () => {
      sql.close();
    },
  };
}
