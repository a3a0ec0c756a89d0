import { expect, test } from 'vitest';
import { shareOf } from './share.ts';

test('shares have the intervals of Clopper and Pearson', () => {
  const none = shareOf(0, 500);
  expect([none.low, none.share]).toEqual([0, 0]);
  // 1 - 0.05^(1/n).
  expect(none.upper95).toBeCloseTo(1 - 0.05 ** (1 / 500), 8);
  expect(shareOf(0, 299).upper95).toBeLessThan(0.01);
  expect(shareOf(0, 298).upper95).toBeGreaterThan(0.01);
  const some = shareOf(8, 40);
  // R: binom.test(8, 40).
  expect(some.low).toBeCloseTo(0.0905, 4);
  expect(some.high).toBeCloseTo(0.3565, 4);
  expect(shareOf(7, 7).high).toBe(1);
  expect(shareOf(0, 0).share).toBeNaN();
});
