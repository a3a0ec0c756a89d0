import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#models/physics/xray/random';
import { NirEngine } from './engine.ts';
import { type Matrix, matrix, rowOf } from './matrix.ts';
import { fitModel, predictPlainly, qLimit, t2Limit } from './spectral-model.ts';

function samples(
  count: number,
  points: number,
  properties: number,
  seed: number,
): { spectra: Matrix; values: Matrix } {
  const random = new Random(seed);
  const spectra = matrix(count, points);
  const values = matrix(count, properties);
  for (let i = 0; i < count; i++) {
    const heights = Array.from({ length: properties + 2 }, () => random.next());
    for (let k = 0; k < properties; k++) values.data[i * properties + k] = heights[k] ?? 0;
    for (let j = 0; j < points; j++) {
      const bands = heights.reduce(
        (sum, h, k) => sum + h * Math.exp(-(((j / points) * 8 - k - 1) ** 2)),
        0.4,
      );
      spectra.data[i * points + j] = bands + 0.01 * random.normal();
    }
  }
  return { spectra, values };
}

const filters = [
  undefined,
  { window: 7, order: 2, derivative: 0 },
  { window: 11, order: 2, derivative: 1 },
  { window: 15, order: 3, derivative: 2 },
];

describe('the folded engine', () => {
  test('gives what the textbook way gives, for any preprocessing and number of points', () => {
    const cases = fc.record({
      points: fc.integer({ min: 16, max: 75 }),
      properties: fc.integer({ min: 1, max: 5 }),
      components: fc.integer({ min: 1, max: 9 }),
      absorbance: fc.boolean(),
      snv: fc.boolean(),
      filter: fc.constantFrom(...filters),
      seed: fc.integer(),
    });
    void fc.assert(
      fc.property(cases, ({ points, properties, components, absorbance, snv, filter, seed }) => {
        const { spectra, values } = samples(24, points, properties, seed);
        const model = fitModel(spectra, values, { absorbance, snv, savitzkyGolay: filter }, components);
        const engine = new NirEngine(model);
        const found = engine.place();
        for (let i = 0; i < spectra.rows; i++) {
          engine.predict(rowOf(spectra, i), found);
          const plain = predictPlainly(model, rowOf(spectra, i));
          for (const [k, value] of plain.values.entries()) expect(found.values[k]).toBeCloseTo(value, 8);
          expect(Math.abs(found.t2 - plain.t2)).toBeLessThan(1e-8 * (1 + plain.t2));
          expect(Math.abs(found.q - plain.q)).toBeLessThan(1e-8 * (1 + plain.q));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('takes a flat spectrum for far off, without a NaN', () => {
    const { spectra, values } = samples(30, 40, 1, 5);
    const model = fitModel(spectra, values, { absorbance: false, snv: true }, 3);
    const engine = new NirEngine(model);
    const found = engine.place();
    engine.predict(new Float64Array(40).fill(0.3), found);
    expect([...found.values, found.t2, found.q].every(Number.isFinite)).toBe(true);
    expect(found.t2 + found.q).toBeGreaterThan(1);
  });

  test('limits let about one spectrum of a hundred of the same kind outside', () => {
    const { spectra, values } = samples(150, 60, 2, 17);
    const model = fitModel(spectra, values, { absorbance: false, snv: false }, 4);
    const engine = new NirEngine(model);
    const found = engine.place();
    const of = (seed: number) => {
      const fresh = samples(2000, 60, 2, seed).spectra;
      return Array.from({ length: fresh.rows }, (_, i) => {
        engine.predict(rowOf(fresh, i), found);
        return { t2: found.t2, q: found.q };
      });
    };
    const limit = qLimit(
      Float64Array.from(of(18), ({ q }) => q),
      0.99,
    );
    const outside = (share: number) => expect(share).toBeGreaterThan(0);
    const fresh = of(19);
    const overQ = fresh.filter(({ q }) => q > limit).length / fresh.length;
    const overT2 = fresh.filter(({ t2 }) => t2 > t2Limit(model, 0.99)).length / fresh.length;
    outside(overQ);
    expect(overQ).toBeLessThan(0.02);
    // Compositions are drawn evenly and not normally, which has shorter tails.
    expect(overT2).toBeLessThan(0.02);
  });
});
