import { expect, test } from 'vitest';
import { Random } from '../physics/xray/random.ts';
import { errorParts, meanAlong } from './error-parts.ts';

const stepT = 5;
/** Errors of lots with a variance of their own, one along the belt, and a common one. */
function lotsOf(count: number, own: number, along: number, random: Random): number[][] {
  const kept = Math.exp(-stepT / 150);
  return Array.from({ length: count }, () => {
    const common = 3 * random.normal();
    let state = random.normal();
    return Array.from({ length: 60 }, () => {
      state = kept * state + Math.sqrt(1 - kept * kept) * random.normal();
      return common + Math.sqrt(along) * state + Math.sqrt(own) * random.normal();
    });
  });
}

test('the parts of an error are found beside what a lot has in common', () => {
  const found = errorParts(lotsOf(300, 0.04, 0.09, new Random(5)), stepT);
  expect(found.own).toBeCloseTo(0.04, 2);
  expect(Math.abs(found.along - 0.09)).toBeLessThan(0.02);
  expect(errorParts(lotsOf(100, 0.04, 0, new Random(6)), stepT).along).toBeLessThan(0.003);
});

test('the mean of a stretch has the variance that simulation gives it', () => {
  expect(meanAlong(0)).toBe(1);
  const lots = lotsOf(4000, 0, 1, new Random(7)).map((errors) => {
    const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
    return mean(errors.slice(0, 20)) - mean(errors.slice(20, 40));
  });
  const variance = lots.reduce((sum, one) => sum + one * one, 0) / lots.length;
  // Of two neighbouring halves: 4 (f(T) - f(2T)) of the variance.
  expect(variance / (4 * (meanAlong(100) - meanAlong(200)))).toBeCloseTo(1, 1);
});
