import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { depthOf, depthTable, maxDepth, percent } from './depth.ts';
import {
  allSteps,
  apron,
  coarser,
  coreOf,
  heldBy,
  samplesOf,
  stepFor,
  stepsOf,
  tileColumns,
  tileCount,
  tilesAcross,
} from './levels.ts';
import { createPixelStore, type Samples } from './store.ts';
import { createTile, reduce, runsOf, writeTile } from './tile.ts';

const columns = fc.integer({ min: 1, max: 40_000 });
const step = fc.constantFrom(...allSteps);

describe('levels', () => {
  test('tiles of a level cover it once and whole, whatever its length', () => {
    fc.assert(
      fc.property(columns, step, (length, each) => {
        const extent = { columns: length, rows: 10 };
        let end = 0;
        for (let index = 0; index < tileCount(extent, each); index++) {
          const core = coreOf({ step: each, index }, extent);
          expect(core.from).toBe(end);
          end = core.to;
          const held = heldBy({ step: each, index });
          expect(held.from).toBe(Math.max(0, core.from - apron));
          expect(held.to - held.from).toBeLessThanOrEqual(tileColumns + 2 * apron);
        }
        expect(end).toBe(samplesOf(length, each));
      }),
    );
  });

  test('a tile lies whole in one tile of every coarser level', () => {
    fc.assert(
      fc.property(columns, step, step, fc.nat(60), (length, a, b, index) => {
        const [fine, coarse] = [Math.min(a, b), Math.max(a, b)];
        const key = { step: fine, index: index % tileCount({ columns: length, rows: 1 }, fine) };
        const extent = { columns: length, rows: 1 };
        const [inner, outer] = [coreOf(key, extent), coreOf(coarser(key, coarse), extent)];
        expect(inner.from * fine).toBeGreaterThanOrEqual(outer.from * coarse);
        expect(inner.to * fine).toBeLessThanOrEqual(outer.to * coarse + coarse);
      }),
    );
  });

  test('the coarsest level is small and comes first; a level never has fewer samples than dots', () => {
    for (const length of [1, 1280, 1281, 9000, 40_000]) {
      const steps = stepsOf(length);
      expect(samplesOf(length, steps.at(-1) ?? 1)).toBeLessThanOrEqual(1280);
      for (const perDot of [0.1, 1, 1.9, 2, 3, 7.9, 100])
        expect(stepFor(perDot, steps)).toBeLessThanOrEqual(Math.max(1, perDot) * 1.001);
    }
    expect(stepFor(2, stepsOf(9000))).toBe(2);
    expect(stepFor(3.9, stepsOf(9000))).toBe(2);
  });

  test('only tiles that hold any of the columns are asked for', () => {
    const extent = { columns: 3000, rows: 1 };
    expect(tilesAcross(extent, 1, 500, 520).map((key) => key.index)).toEqual([0, 1]);
    expect(tilesAcross(extent, 1, 512, 1024).map((key) => key.index)).toEqual([1]);
    expect(tilesAcross(extent, 1, 5000, 6000)).toEqual([]);
  });
});

describe('depth', () => {
  test('air is nought, half is 0.69, and a sample of nought is no endless mass', () => {
    expect(depthOf(60_000, 60_000)).toBeCloseTo(0, 12);
    expect(depthOf(30_000, 60_000)).toBeCloseTo(Math.LN2, 12);
    expect(depthOf(0, 60_000)).toBeGreaterThan(maxDepth);
    expect(depthTable(60_000)[30_000]).toBeCloseTo(Math.LN2, 6);
  });
  test('percents tell small shares apart', () => {
    expect([1, 0.372, 0.0025, 0.000012].map(percent)).toEqual(['100.0 %', '37.2 %', '0.25 %', '0.0012 %']);
  });
});

/** A scan whose every sample tells where it is. */
const planes = 2;
const rows = 6;
const valueAt = (x: number, plane: number, y: number) => (x * 31 + plane * 7 + y * 3) % 60_000;
function samplesFrom(from: number, count: number): Uint16Array {
  const out = new Uint16Array(count * planes * rows);
  for (let x = 0; x < count; x++)
    for (let plane = 0; plane < planes; plane++)
      for (let y = 0; y < rows; y++) out[(x * planes + plane) * rows + y] = valueAt(from + x, plane, y);
  return out;
}
const storeOf = (length: number, load?: Parameters<typeof createPixelStore>[0]['load'], budget?: number) =>
  createPixelStore({
    extent: { columns: length, rows },
    planes,
    load,
    onChange: () => undefined,
    onFailed: (error) => expect(error).toBeUndefined(),
    ...(budget === undefined ? {} : { budget }),
  });

describe('a tile', () => {
  test('holds what was written, and says what has not come', () => {
    const tile = createTile({ step: 1, index: 1 }, rows, planes);
    expect(tile.column0).toBe(tileColumns - apron);
    expect(writeTile(tile, 600, samplesFrom(600, 10))).toBe(true);
    expect(writeTile(tile, 620, samplesFrom(620, 5))).toBe(true);
    expect(writeTile(tile, 0, samplesFrom(0, 10))).toBe(false);
    expect(runsOf(tile, 512, 1024)).toEqual([
      { from: 600, to: 610 },
      { from: 620, to: 625 },
    ]);
    expect(tile.changed).toEqual({ from: 600 - tile.column0, to: 625 - tile.column0 });
    expect(tile.filled).toBe(625 - tile.column0);
  });

  test('the mean of n x n keeps the mean of all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.constantFrom(1, 2, 3), (groups, n) => {
        const full = samplesFrom(0, groups * n);
        const out = reduce(full, groups * n, rows, planes, n);
        const mean = (values: Uint16Array) => values.reduce((a, b) => a + b, 0) / values.length;
        expect(out.length).toBe(groups * planes * Math.ceil(rows / n));
        expect(mean(out)).toBeCloseTo(mean(full), -0.5);
      }),
    );
  });
});

describe('the samples of a scan', () => {
  test('strips of any length give every pixel, at the finest level that has it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 30 }), (lengths) => {
        const store = storeOf(1);
        let end = 0;
        for (const length of lengths) {
          store.strip({ column0: end, rows, step: 1, samples: samplesFrom(end, length) });
          end += length;
        }
        for (const x of [0, Math.floor(end / 2), end - 1])
          expect(store.sample(1, x, 4)).toEqual({ value: valueAt(x, 1, 4), step: 1 });
        expect(store.sample(0, end, 0)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  test('coarser levels of a growing scan have no hole, however its strips were cut', () => {
    const store = storeOf(1);
    let end = 0;
    for (let i = 0; end < 1500; i++) {
      const length = 1 + ((i * 37) % 61);
      store.strip({ column0: end, rows, step: 1, samples: samplesFrom(end, length) });
      end += length;
    }
    for (const each of [2, 4, 8, 32]) {
      const tile = store.find({ step: each, index: 0 });
      expect(tile && runsOf(tile, 0, 512)).toEqual([{ from: 0, to: Math.min(512, Math.floor(end / each)) }]);
      const expected = reduce(samplesFrom(0, each), each, rows, planes, each);
      expect(tile?.samples.subarray(0, expected.length)).toEqual(expected);
    }
  });

  const load = async (key: { step: number }, from: number, to: number): Promise<Samples> => ({
    column0: from,
    rows: Math.ceil(rows / key.step),
    step: key.step,
    samples: reduce(
      samplesFrom(from * key.step, (to - from) * key.step),
      (to - from) * key.step,
      rows,
      planes,
      key.step,
    ),
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

  test('tiles are asked for once, three at a time, and what is no longer wanted is let go', async () => {
    const asked: string[] = [];
    const aborted: string[] = [];
    const store = storeOf(6000, (key, _from, _to, signal) => {
      asked.push(`${key.step}/${key.index}`);
      signal.addEventListener('abort', () => aborted.push(`${key.step}/${key.index}`));
      return new Promise(() => undefined);
    });
    const keys = [0, 1, 2, 3, 4].map((index) => ({ step: 1, index }));
    store.want(keys);
    store.want(keys);
    expect(asked).toEqual(['1/0', '1/1', '1/2']);
    store.want([{ step: 1, index: 1 }]);
    expect(aborted).toEqual(['1/0', '1/2']);
  });

  test('memory stays within its budget, and what is looked at stays', async () => {
    const tileBytes = (tileColumns + 2 * apron) * planes * rows * 2;
    const store = storeOf(20_000, load, 4 * tileBytes);
    for (let index = 0; index < 30; index++) {
      store.want([{ step: 1, index }]);
      await settled();
    }
    store.want([{ step: 1, index: 29 }]);
    expect(store.bytes()).toBeLessThanOrEqual(4 * tileBytes);
    expect(store.sample(0, 29 * tileColumns + 5, 2)?.value).toBe(valueAt(29 * tileColumns + 5, 0, 2));
  });

  test('what failed is not asked for again by itself, but when it is told to', async () => {
    let calls = 0;
    const failures: unknown[] = [];
    const store = createPixelStore({
      extent: { columns: 100, rows },
      planes,
      load: async () => {
        calls++;
        throw new Error('gone');
      },
      onChange: () => undefined,
      onFailed: (error) => failures.push(error),
    });
    store.want([{ step: 1, index: 0 }]);
    await settled();
    store.want([{ step: 1, index: 0 }]);
    await settled();
    expect([calls, failures.length]).toEqual([1, 1]);
    store.retry();
    await settled();
    expect(calls).toBe(2);
  });
});
