import { InfluxDB, type IPoint, type IResults, toNanoDate } from 'influx';
import { faults } from '../faults.ts';
import {
  type Bucket,
  type Curve,
  type CurveQuery,
  compareKeys,
  minuteMs,
  type Point,
  type Retention,
  type SeriesKey,
  type SeriesStore,
} from './series.ts';

const measurement = 'quaywatch';
const raw = 'points';
const minutes = 'minutes';
const tags = ['name', 'box', 'site', 'device', 'unit'] as const;
/** Points in one write. */
const atOnce = 5000;

interface Row {
  readonly time: { getTime(): number };
  readonly name: string;
  readonly box: string;
  readonly site: string;
  readonly device: string;
  readonly unit: string;
  readonly count: number | null;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const key = ({ name, box, site, device, unit }: SeriesKey): SeriesKey => ({ name, box, site, device, unit });

/**
 * Series in InfluxDB 1.x, written by line protocol: points in one retention policy, minutes in a longer one. Minutes are
 * summarised by a query over the minutes that a write has touched and not by a continuous query, which passes over what
 * comes late; doing it again changes nothing. Throws `series.influx`.
 */
export async function openInfluxSeries(url: string, retention: Retention): Promise<SeriesStore> {
  const { pathname, searchParams } = new URL(url);
  const database = pathname.slice(1) || searchParams.get('db') || 'quaywatch';
  const influx = new InfluxDB(new URL(`/${database}`, url).href);
  const policies = [
    { name: raw, duration: `${Math.ceil(retention.pointDays)}d`, isDefault: true },
    { name: minutes, duration: `${Math.ceil(retention.minuteDays)}d`, isDefault: false },
  ];
  try {
    await influx.createDatabase(database);
    const known = await influx.showRetentionPolicies(database);
    for (const { name, ...policy } of policies) {
      const options = { database, replication: 1, ...policy };
      if (known.some((one) => one.name === name)) await influx.alterRetentionPolicy(name, options);
      else await influx.createRetentionPolicy(name, options);
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw faults.fault('series.influx', { detail }, new URL(url).host, error);
  }

  async function summarize(from: number, to: number): Promise<void> {
    await influx.query(
      `SELECT count("value") AS "count", sum("value") AS "sum", min("value") AS "min", max("value") AS "max"
       INTO "${minutes}"."${measurement}" FROM "${raw}"."${measurement}"
       WHERE time >= ${from}ms AND time < ${to}ms GROUP BY time(1m), *`,
      { database },
    );
  }

  async function write(points: readonly Point[]): Promise<void> {
    const lines = points.map(
      (point): IPoint => ({
        measurement,
        tags: Object.fromEntries(tags.map((tag) => [tag, point[tag] || '-'])),
        fields: { value: point.value },
        timestamp: toNanoDate(`${Math.round(point.time)}000000`),
      }),
    );
    for (let at = 0; at < lines.length; at += atOnce)
      await influx.writePoints(lines.slice(at, at + atOnce), { database, retentionPolicy: raw });
    for (const [from, to] of stretches(points)) await summarize(from, to);
  }

  async function read({ name, box, device, sites, from, to, bucketS }: CurveQuery): Promise<Curve[]> {
    if (sites?.length === 0) return [];
    const where = [`time >= ${from}ms`, `time < ${to}ms`, `"name" = ${quoted(name)}`];
    if (box !== undefined) where.push(`"box" = ${quoted(box)}`);
    if (device !== undefined) where.push(`"device" = ${quoted(device)}`);
    if (sites) where.push(`(${sites.map((site) => `"site" = ${quoted(site)}`).join(' OR ')})`);
    const whole = (bucketS * 1000) % minuteMs === 0;
    const fields = whole
      ? 'sum("count") AS "count", sum("sum") AS "sum", min("min") AS "min", max("max") AS "max"'
      : 'count("value") AS "count", sum("value") AS "sum", min("value") AS "min", max("value") AS "max"';
    const rows: IResults<Row> = await influx.query<Row>(
      `SELECT ${fields} FROM "${whole ? minutes : raw}"."${measurement}"
       WHERE ${where.join(' AND ')} GROUP BY time(${bucketS}s), * fill(none)`,
      { database },
    );
    const curves = new Map<string, SeriesKey & { buckets: Bucket[] }>();
    for (const row of rows) {
      if (!row.count) continue;
      const own = Object.fromEntries(tags.map((tag) => [tag, row[tag] === '-' ? '' : row[tag]]));
      const id = JSON.stringify(own);
      const curve = curves.get(id) ?? { ...key(own as unknown as SeriesKey), buckets: [] };
      curves.set(id, curve);
      const { count, sum, min, max } = row;
      curve.buckets.push({ time: row.time.getTime(), count, mean: sum / count, min, max });
    }
    return [...curves.values()].sort(compareKeys);
  }

  return {
    write,
    read,
    async list() {
      const { results } = (await influx.queryRaw(`SHOW SERIES FROM "${measurement}"`, { database })) as {
        results: { series?: { values: [string][] }[] }[];
      };
      const all = results.flatMap(({ series = [] }) => series.flatMap(({ values }) => values));
      const unique = new Map(all.map(([text]) => [text, keyOf(text)]));
      return [...unique.values()].sort(compareKeys);
    },
    sweep: async () => undefined, // the retention policies do it
    close: async () => undefined, // nothing stays open
  };
}

/** Tags of a series as InfluxDB lists it: `quaywatch,box=b,device=d,…`, with backslashes before commas, `=` and spaces. */
function keyOf(text: string): SeriesKey {
  const own: Record<string, string> = {};
  for (const part of text.split(/(?<!\\),/).slice(1)) {
    const at = part.search(/(?<!\\)=/);
    const value = part.slice(at + 1).replace(/\\([,= ])/g, '$1');
    own[part.slice(0, at)] = value === '-' ? '' : value;
  }
  return key(own as unknown as SeriesKey);
}

/** Whole minutes that points touch, joined where they adjoin. */
function stretches(points: readonly Point[]): [from: number, to: number][] {
  const touched = [...new Set(points.map(({ time }) => Math.floor(time / minuteMs) * minuteMs))];
  const joined: [number, number][] = [];
  for (const minute of touched.sort((a, b) => a - b)) {
    const last = joined.at(-1);
    if (last && minute <= last[1]) last[1] = minute + minuteMs;
    else joined.push([minute, minute + minuteMs]);
  }
  return joined;
}
