import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../physics/xray/random.ts';
import { cholesky, Moments, whiten } from './covariance.ts';
import { eigenOf } from './eigen.ts';

const drawn = (size: number, seed: number) => {
  const random = new Random(seed);
  const mix = Float64Array.from({ length: size * size }, () => random.normal());
  const moments = new Moments(size);
  for (let row = 0; row < 40 * size; row++) {
    const own = Float64Array.from({ length: size }, () => random.normal());
    moments.add(
      Float64Array.from({ length: size }, (_, i) =>
        own.reduce((sum, value, k) => sum + value * (mix[i * size + k] ?? 0), 5),
      ),
    );
  }
  return moments;
};

describe('covariance', () => {
  test('and its root and eigenvectors give it back', () => {
    void fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 1000 }), (size, seed) => {
        const covariance = drawn(size, seed).covariance();
        const largest = Math.max(...covariance.map(Math.abs));
        const lower = cholesky(covariance, size);
        const { values, vectors } = eigenOf(covariance, size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            let [root, eigen] = [0, 0];
            for (let k = 0; k < size; k++) {
              root += (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0);
              eigen += (values[k] ?? 0) * (vectors[k * size + i] ?? 0) * (vectors[k * size + j] ?? 0);
            }
            expect(Math.abs(root - (covariance[i * size + j] ?? 0))).toBeLessThan(1e-9 * largest);
            expect(Math.abs(eigen - (covariance[i * size + j] ?? 0))).toBeLessThan(1e-9 * largest);
          }
        for (let k = 1; k < size; k++) expect(values[k - 1]).toBeGreaterThanOrEqual(values[k] ?? 0);
      }),
      { numRuns: 40 },
    );
  });
  test('freed of itself has variance one and no correlation', () => {
    const size = 4;
    const random = new Random(5);
    const rows = Array.from({ length: 400 }, () => {
      const [a, b, c, d] = [random.normal(), random.normal(), random.normal(), random.normal()];
      return Float64Array.of(a, a + 0.1 * b, 3 * c, c - d);
    });
    const moments = new Moments(size);
    for (const row of rows) moments.add(row);
    const [mean, lower] = [moments.mean(), cholesky(moments.covariance(), size)];
    const white = new Moments(size);
    for (const row of rows) {
      const into = new Float64Array(size);
      whiten(
        lower,
        row.map((value, k) => value - (mean[k] ?? 0)),
        into,
      );
      white.add(into);
    }
    const found = white.covariance();
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) expect(found[i * size + j]).toBeCloseTo(i === j ? 1 : 0, 9);
  });
  test('of what is no spread at all is refused', () => {
    expect(() => cholesky(Float64Array.of(1, 1, 1, 1), 2)).toThrow(RangeError);
  });
});
