import type { ObjectState, Track } from '../../api/types.ts';
import type { ObjectStore } from '../store.ts';
import type { Queries } from './database.ts';

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
  readonly seal_state: string | null;
  readonly seal_time: number;
  readonly container: string | null;
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

const toState = (row: ObjectRow): ObjectState => ({
  object: row.object,
  kind: row.kind,
  box: row.box,
  site: row.site ?? '',
  ...toPoint(row),
  fences: JSON.parse(row.fences ?? '[]') as string[],
  ...(row.seal_state !== null && {
    seal: {
      state: row.seal_state,
      time: iso(row.seal_time),
      ...(row.container !== null && { container: row.container }),
    },
  }),
});

/** The last of a history at or before $1. */
const last = (table: string, name: string) =>
  `LEFT JOIN LATERAL (SELECT * FROM ${table} WHERE object = o.id AND time <= $1
   ORDER BY time DESC, position DESC LIMIT 1) ${name} ON true`;

/** The objects' history. */
export function createObjectStore(database: Queries): ObjectStore {
  const columns = 'time, lon, lat, speed_kph, course_deg, quality';
  const within = 'FROM fix WHERE object = $1 AND time >= $2 AND time <= $3';
  /** The first and the last of each of equal stretches, each looked for by itself: years cost what a day does. */
  const thin = `WITH bounds AS (SELECT min(time) AS a, max(time) AS z ${within}),
    stretches AS (SELECT ceil(a + n * s)::bigint AS a, least(z, ceil(a + (n + 1) * s)::bigint - 1) AS z
      FROM (SELECT a, z, greatest(1, (z - a)::float8 * 2 / $4) AS s FROM bounds) steps,
        generate_series(0, floor((z - a) / s)::integer + 1) n)
    SELECT DISTINCT ${columns} FROM stretches, LATERAL (
      (SELECT * FROM fix WHERE object = $1 AND time BETWEEN stretches.a AND stretches.z ORDER BY time LIMIT 1) UNION ALL
      (SELECT * FROM fix WHERE object = $1 AND time BETWEEN stretches.a AND stretches.z ORDER BY time DESC LIMIT 1)) ends
    ORDER BY time`;

  async function fixesOf(object: string, from: number, to: number, maxPoints: number) {
    const few = `SELECT ${columns} ${within} ORDER BY time LIMIT $4`;
    const rows = await database.rows<FixRow>(few, [object, from, to, maxPoints + 1]);
    if (rows.length <= maxPoints) return { rows, thinned: false };
    return { rows: await database.rows<FixRow>(thin, [object, from, to, maxPoints]), thinned: true };
  }

  return {
    async at(moment, withinMs) {
      const rows = await database.rows<ObjectRow>(
        `SELECT o.id AS object, o.kind, f.box, x.site, f.time, f.lon, f.lat, f.speed_kph, f.course_deg, f.quality,
           c.fences, s.state AS seal_state, s.time AS seal_time, s.container
         FROM object o
         JOIN LATERAL (SELECT * FROM fix WHERE object = o.id AND time BETWEEN $2 AND $1
                       ORDER BY time DESC LIMIT 1) f ON true
         ${last('fence_change', 'c')} ${last('seal_change', 's')} LEFT JOIN box x ON x.box = f.box
         WHERE o.last >= $2 AND o.first <= $1`,
        [moment, moment - withinMs],
      );
      return rows.map(toState);
    },
    async track(object, from, to, maxPoints) {
      const { rows, thinned } = await fixesOf(object, from, to, maxPoints);
      return { object, points: rows.map(toPoint), thinned };
    },
    async fixes(object, from, to, maxPoints) {
      const { rows } = await fixesOf(object, from, to, maxPoints);
      return rows.map(({ time, lon, lat, course_deg }) => ({
        ...{ ms: time, lon, lat },
        ...(course_deg !== null && { courseDeg: course_deg }),
      }));
    },
    crossings: (fence, from, to, limit) =>
      database.rows(
        `SELECT object, time, inside FROM fence_change WHERE fence = $1 AND time >= $2 AND time <= $3
         ORDER BY time DESC LIMIT $4`,
        [fence, from, to, limit],
      ),
    sites: async (object) =>
      (
        await database.rows<{ site: string }>(
          'SELECT DISTINCT x.site FROM object_box p JOIN box x ON x.box = p.box WHERE p.object = $1',
          [object],
        )
      ).map(({ site }) => site),
  };
}
