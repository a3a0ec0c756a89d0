import { deepStrictEqual as same } from 'node:assert';
import type { Point, SeriesStore } from './series.ts';

/** One thing that every implementation of `SeriesStore` must do. */
export interface SeriesCase {
  readonly name: string;
  run(store: SeriesStore, now: number): Promise<void>;
}

/** A whole hour lately: what is older than the retention is not kept. */
const hourBefore = (now: number) => Math.floor(now / 3_600_000) * 3_600_000 - 3_600_000;
const point = (time: number, value: number, more: Partial<Point> = {}): Point => ({
  name: 'moisture',
  box: 'b',
  site: 'quay',
  device: 'gauge 1',
  unit: '%',
  time,
  value,
  ...more,
});

export const seriesCases: readonly SeriesCase[] = [
  {
    name: 'points by bucket, of points and of minutes alike',
    async run(store, now) {
      const base = hourBefore(now);
      await store.write(Array.from({ length: 360 }, (_, n) => point(base + n * 1000, n % 7)));
      for (const bucketS of [7, 10, 60, 120, 3600]) {
        const [curve] = await store.read({ name: 'moisture', from: base, to: base + 360_000, bucketS });
        const counts = curve?.buckets.map(({ count }) => count) ?? [];
        same(
          counts.reduce((sum, count) => sum + count, 0),
          360,
        );
        for (const { time, min, max } of curve?.buckets ?? []) {
          same(time % (bucketS * 1000), 0);
          same(min >= 0 && max <= 6, true);
        }
      }
      const [minute] = await store.read({ name: 'moisture', from: base, to: base + 60_000, bucketS: 60 });
      const sum = Array.from({ length: 60 }, (_, n) => n % 7).reduce((all, n) => all + n, 0);
      same(minute?.buckets, [{ time: base, count: 60, mean: sum / 60, min: 0, max: 6 }]);
    },
  },
  {
    name: 'what is written again or late counts once, and the last value of a moment counts',
    async run(store, now) {
      const base = hourBefore(now);
      const points = [point(base, 1), point(base + 1000, 5)];
      await store.write(points);
      await store.write(points);
      await store.write([point(base, 3)]);
      await store.write([point(base + 600_000, 9)]);
      await store.write([point(base + 30_000, 7)]);
      const ask = (bucketS: number) =>
        store.read({ name: 'moisture', from: base, to: base + 3_600_000, bucketS });
      const expected = { count: 3, mean: 5, min: 3, max: 7 };
      same((await ask(60))[0]?.buckets, [
        { time: base, ...expected },
        { time: base + 600_000, count: 1, mean: 9, min: 9, max: 9 },
      ]);
      same((await ask(50))[0]?.buckets[0], { time: base, ...expected });
    },
  },
  {
    name: 'series are told apart, listed, and limited to what is asked',
    async run(store, now) {
      const base = hourBefore(now);
      const odd = { device: "o'b, =\\x", unit: '' };
      await store.write([
        point(base, 1),
        point(base, 2, { box: 'c', site: 'yard' }),
        point(base, 3, { name: 'speed', device: 'truck', unit: 'km/h' }),
        point(base, 4, odd),
      ]);
      const ask = async (more: object) =>
        (await store.read({ name: 'moisture', from: base, to: base + 1000, bucketS: 1, ...more })).map(
          ({ box, device, buckets }) => [box, device, buckets[0]?.mean],
        );
      same(await ask({}), [
        ['b', 'gauge 1', 1],
        ['b', odd.device, 4],
        ['c', 'gauge 1', 2],
      ]);
      same(await ask({ box: 'c' }), [['c', 'gauge 1', 2]]);
      same(await ask({ device: odd.device }), [['b', odd.device, 4]]);
      same(await ask({ sites: ['yard'] }), [['c', 'gauge 1', 2]]);
      same(await ask({ sites: [] }), []);
      same(await ask({ name: 'none' }), []);
      same(await ask({ from: base + 1, to: base + 2 }), []);
      same(
        (await store.list()).map(({ name, box, site, device, unit }) => [name, box, site, device, unit]),
        [
          ['moisture', 'b', 'quay', 'gauge 1', '%'],
          ['moisture', 'b', 'quay', odd.device, ''],
          ['moisture', 'c', 'yard', 'gauge 1', '%'],
          ['speed', 'b', 'quay', 'truck', 'km/h'],
        ],
      );
    },
  },
];
