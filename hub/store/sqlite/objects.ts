import type { ObjectState, Track } from '../../api/types.ts';
import type { Fix } from '../../tracks/fix.ts';
import type { ObjectStore } from '../store.ts';
import { createFixReader, stretchEnd } from './fix-reader.ts';
import type { Names, Sql } from './open.ts';

interface FixRow {
  readonly time: number;
  readonly lon: number;
  readonly lat: number;
  readonly speed_kph: number | null;
  readonly course_deg: number | null;
  readonly quality: string | null;
}
type ObjectRow = FixRow & {
  readonly object: string;
  readonly kind: ObjectState['kind'];
  readonly box: string;
  readonly site: string | null;
  readonly fences: string | null;
  readonly seal: string | null;
};

const iso = (time: number) => new Date(time).toISOString();
const toPoint = (row: FixRow): Track['points'][number] => ({
  time: iso(row.time),
  lon: row.lon,
  lat: row.lat,
  ...(row.speed_kph !== null && { speedKph: row.speed_kph }),
  ...(row.course_deg !== null && { courseDeg: row.course_deg }),
  quality: row.quality ?? 'good',
});

const toFix = ({ time, lon, lat, course_deg }: FixRow): Fix => ({
  ms: time,
  lon,
  lat,
  ...(course_deg !== null && { courseDeg: course_deg }),
});

/** Looking for a fix costs as much as reading past so many. */
const readRatio = 40;
/** Two of each stretch stay. */
const stepOf = (start: FixRow, end: FixRow, maxPoints: number): number =>
  Math.max(1, (2 * (end.time - start.time)) / maxPoints);

function toState(row: ObjectRow): ObjectState {
  const seal = row.seal === null ? undefined : (JSON.parse(row.seal) as [string, number, string | null]);
  return {
    object: row.object,
    kind: row.kind,
    box: row.box,
    site: row.site ?? '',
    ...toPoint(row),
    fences: JSON.parse(row.fences ?? '[]') as string[],
    ...(seal && {
      seal: { state: seal[0], time: iso(seal[1]), ...(seal[2] !== null && { container: seal[2] }) },
    }),
  };
}

/** The objects' history. Each question is a few index descents an object or point, however long it is. */
export function createObjectStore(sql: Sql, names: Names): ObjectStore {
  const last = (columns: string, table: string) =>
    `(SELECT ${columns} FROM ${table} t WHERE t.object = o.id AND t.time <= @at
      ORDER BY t.time DESC, t.position DESC LIMIT 1)`;
  const at = sql.prepare<[{ at: number; since: number }], ObjectRow>(
    `SELECT n.text AS object, o.kind, b.text AS box, x.site, f.time, f.lon, f.lat, f.speed_kph, f.course_deg,
       f.quality, ${last('t.fences', 'fence_change')} AS fences,
       ${last('json_array(t.state, t.time, t.container)', 'seal_change')} AS seal
     FROM object o
     JOIN fix f ON f.object = o.id
       AND f.time = (SELECT max(time) FROM fix WHERE object = o.id AND time BETWEEN @since AND @at)
     JOIN name n ON n.id = o.id JOIN name b ON b.id = f.box LEFT JOIN box x ON x.box = b.text
     WHERE o.last >= @since AND o.first <= @at`,
  );
  const fixes = `SELECT time, lon, lat, speed_kph, course_deg, quality FROM fix
                 WHERE object = ? AND time >= ? AND time <= ? ORDER BY time`;
  const several = sql.prepare<[number, number, number, number], FixRow>(`${fixes} LIMIT ?`);
  const newest = sql.prepare<[number, number, number], FixRow>(`${fixes} DESC LIMIT 1`);
  const crossings = sql.prepare<
    [string, number, number, number],
    { object: string; time: number; inside: number }
  >(
    `SELECT n.text AS object, c.time, c.inside FROM fence_change c JOIN name n ON n.id = c.object
     WHERE c.fence = ? AND c.time >= ? AND c.time <= ? ORDER BY c.time DESC LIMIT ?`,
  );
  const sites = sql.prepare<[number], { site: string }>(
    `SELECT DISTINCT x.site FROM object_box p JOIN name b ON b.id = p.box JOIN box x ON x.box = b.text
     WHERE p.object = ?`,
  );

  const read = createFixReader(sql);
  const countUpTo = sql
    .prepare<[number, number, number, number], number>(
      'SELECT count(*) FROM (SELECT 1 FROM fix WHERE object = ? AND time >= ? AND time <= ? LIMIT ?)',
    )
    .pluck();

  /** Of so many fixes for each that is wanted at most all are read; of more each that is wanted is looked for. */
  function fixesOf(id: number, from: number, to: number, maxPoints: number): Fix[] {
    const most = maxPoints * readRatio;
    const count = countUpTo.get(id, from, to, most + 1) ?? 0;
    if (count > most) return thinned(id, from, to, maxPoints).map(toFix);
    if (count <= maxPoints) return read(id, from, to, from, 1);
    const [start, end] = [several.get(id, from, to, 1), newest.get(id, from, to)];
    return start && end ? read(id, from, to, start.time, stepOf(start, end, maxPoints)) : [];
  }

  function thinned(id: number, from: number, to: number, maxPoints: number): FixRow[] {
    const rows: FixRow[] = [];
    const end = newest.get(id, from, to);
    const start = several.get(id, from, to, 1);
    if (!end || !start) return rows;
    const step = stepOf(start, end, maxPoints);
    let next: FixRow | undefined = start;
    while (next) {
      const after = stretchEnd(start.time, step, next.time);
      const last: FixRow = newest.get(id, next.time, Math.min(after - 1, end.time)) ?? next;
      rows.push(next);
      if (last.time > next.time) rows.push(last);
      next = several.get(id, after, end.time, 1);
    }
    return rows;
  }

  return {
    at: async (moment, withinMs) => at.all({ at: moment, since: moment - withinMs }).map(toState),
    async track(object, from, to, maxPoints) {
      const id = names.find(object);
      if (id === undefined) return { object, points: [], thinned: false };
      const rows = several.all(id, from, to, maxPoints + 1);
      if (rows.length <= maxPoints) return { object, points: rows.map(toPoint), thinned: false };
      return { object, points: thinned(id, from, to, maxPoints).map(toPoint), thinned: true };
    },
    async fixes(object, from, to, maxPoints) {
      const id = names.find(object);
      return id === undefined ? [] : fixesOf(id, from, to, maxPoints);
    },
    crossings: async (fence, from, to, limit) =>
      crossings.all(fence, from, to, limit).map((row) => ({ ...row, inside: row.inside === 1 })),
    async sites(object) {
      const id = names.find(object);
      return id === undefined ? [] : sites.all(id).map((row) => row.site);
    },
  };
}
