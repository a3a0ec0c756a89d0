import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Influx, influxServer } from '#test/support/influx';
import { group, sampleEvent } from '../store/conformance/samples.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { seriesCases } from './conformance.ts';
import { openInfluxSeries } from './influx.ts';
import { createProjector } from './projector.ts';
import { dayMs, minuteMs, type Point, type SeriesStore } from './series.ts';
import { openSqliteSeries } from './sqlite.ts';

const retention = { pointDays: 30, minuteDays: 400 };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quaywatch-series-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('SQLite', () => {
  for (const { name, run } of seriesCases)
    test(name, async () => {
      const store = openSqliteSeries(join(folder, 'series.sqlite'), retention);
      await run(store, Date.now());
      await store.close();
    });

  test('points go before minutes, and what comes later than that does not falsify a minute', async () => {
    const store = openSqliteSeries(join(folder, 'series.sqlite'), retention);
    const base = Date.UTC(2026, 0, 1);
    const point = (time: number): Point => ({
      name: 'x',
      box: 'b',
      site: 's',
      device: 'd',
      unit: '',
      time,
      value: 1,
    });
    await store.write([point(base), point(base + 1)]);
    const count = async (bucketS: number) =>
      (await store.read({ name: 'x', from: base, to: base + minuteMs, bucketS }))[0]?.buckets[0]?.count;
    await store.sweep(base + 31 * dayMs);
    await store.write([point(base + 2)]);
    expect([await count(1), await count(60)]).toEqual([undefined, 2]);
    await store.sweep(base + 401 * dayMs);
    expect(await count(60)).toBeUndefined();
    await store.close();
  });
});

const influx = await influxServer();
afterAll(() => influx?.stop());
describe.skipIf(influx === undefined)('InfluxDB', () => {
  let store: SeriesStore;
  let number = 0;
  let server: Influx;
  beforeAll(() => {
    if (influx) server = influx;
  });
  beforeEach(async () => {
    number += 1;
    store = await openInfluxSeries(`${server.url}/test${number}`, retention);
  });
  for (const { name, run } of seriesCases) test(name, () => run(store, Date.now()));

  test('opening again keeps what is there; a server that is away is named', async () => {
    const time = Math.floor(Date.now() / minuteMs) * minuteMs;
    await store.write([{ name: 'x', box: 'b', site: 's', device: 'd', unit: '', time, value: 1 }]);
    const again = await openInfluxSeries(`${server.url}/test${number}`, { pointDays: 7, minuteDays: 100 });
    expect(await again.list()).toHaveLength(1);
    await expect(openInfluxSeries('http://127.0.0.1:1/x', retention)).rejects.toMatchObject({
      problem: { code: 'series.influx' },
    });
  });
});

test('events become points once each, behind a cursor, also when writing failed in between', async () => {
  const store = openSqliteStore(join(folder, 'hub.sqlite'));
  const series = openSqliteSeries(join(folder, 'series.sqlite'), retention);
  let failing = true;
  const failures: unknown[] = [];
  const projector = () =>
    createProjector({
      cursor: 'series.cursor',
      records: store.records,
      documents: store.documents,
      series: {
        ...series,
        write: async (points) => {
          await series.write(points.slice(0, failing ? 1 : points.length));
          if (failing) throw new Error('away');
        },
      },
      onFailure: (error) => failures.push(error),
    });
  const events = Array.from({ length: 10 }, (_, n) => {
    const speed = { lon: 1, lat: 1, speedKph: n };
    const reading = { name: 'moisture', value: n, unit: '%' };
    return n % 2
      ? sampleEvent('b', n + 1, { type: 'quaywatch.position.observed', data: speed })
      : sampleEvent('b', n + 1, { data: reading });
  });
  const time = Date.parse(events[0]?.time ?? '');
  await store.records.append(
    [
      group(
        'b',
        events.map((event) => ({ event })),
      ),
    ],
    time,
  );
  const first = projector();
  first.poke();
  await first.idle();
  await first.close();
  expect(failures).toHaveLength(1);
  failing = false;
  const second = projector();
  second.poke();
  await second.idle();
  second.poke();
  await second.close();
  const count = async (name: string) =>
    (await series.read({ name, from: time - dayMs, to: time + dayMs, bucketS: 86_400 }))
      .flatMap(({ buckets }) => buckets)
      .reduce((sum, bucket) => sum + bucket.count, 0);
  expect([await count('moisture'), await count('speed')]).toEqual([5, 5]);
  expect(await store.documents.get('series.cursor')).toBe(10);
  await series.close();
  await store.close();
});

test('a stream of events is written once a second, not with each', async () => {
  const store = openSqliteStore(join(folder, 'stream.sqlite'));
  const series = openSqliteSeries(join(folder, 'stream-series.sqlite'), retention);
  const written: number[] = [];
  const projector = createProjector({
    cursor: 'series.cursor',
    records: store.records,
    documents: store.documents,
    series: {
      ...series,
      write: async (points) => {
        written.push(points.length);
        await series.write(points);
      },
    },
    onFailure: (error) => {
      throw error;
    },
  });
  const beganMs = performance.now();
  for (let n = 1; n <= 20; n++) {
    const event = sampleEvent('b', n, { data: { name: 'moisture', value: n, unit: '%' } });
    await store.records.append([group('b', [{ event }])], Date.now());
    projector.poke();
  }
  const seconds = (performance.now() - beganMs) / 1000;
  expect(written.length).toBeLessThanOrEqual(2 + seconds);
  await projector.idle();
  expect(written.reduce((sum, points) => sum + points, 0)).toBe(20);
  await projector.close();
  await series.close();
  await store.close();
});
