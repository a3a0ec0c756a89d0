import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../physics/xray/random.ts';
import { conformalP, fisher, fisherLimit, simes } from './fusion.ts';

describe('p-values', () => {
  test('of clean scores are even: at most a share p is at or below p', () => {
    const random = new Random(1);
    const clean = Float64Array.from({ length: 999 }, () => random.normal()).sort();
    const fresh = Array.from({ length: 4000 }, () => conformalP(clean, random.normal()));
    for (const level of [0.01, 0.1, 0.5]) {
      const share = fresh.filter((p) => p <= level).length / fresh.length;
      expect(Math.abs(share - level)).toBeLessThan(0.04);
    }
    expect(conformalP(clean, 100)).toBe(0.001);
    expect(conformalP(clean, -100)).toBe(1);
  });

  test('of many are one, between the least and the Bonferroni of it', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (values) => {
          const one = simes(values);
          expect(one).toBeGreaterThanOrEqual(Math.min(...values));
          expect(one).toBeLessThanOrEqual(Math.min(1, values.length * Math.min(...values)) + 1e-12);
        },
      ),
    );
    expect(fisher([0.04])).toBeCloseTo(0.04, 9);
    expect(fisher([0.05, 0.05])).toBeCloseTo(0.0175, 3);
    expect(fisherLimit(2, 0.0175)).toBeCloseTo(-4 * Math.log(0.05), 1);
    expect(fisher([])).toBe(1);
  });
});
