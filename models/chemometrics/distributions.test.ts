import { expect, test } from 'vitest';
import {
  chiSquaredQuantile,
  fisherQuantile,
  logGamma,
  normalQuantile,
  studentQuantile,
} from './distributions.ts';

/** Values of printed tables, to their last digit. */
test.each([
  [normalQuantile(0.975), 1.959964, 6],
  [normalQuantile(0.01), -2.326348, 6],
  [studentQuantile(0.975, 5), 2.570582, 6],
  [studentQuantile(0.975, 120), 1.97993, 5],
  [studentQuantile(0.995, 1), 63.65674, 4],
  [fisherQuantile(0.95, 3, 20), 3.098391, 5],
  [fisherQuantile(0.99, 8, 50), 2.890008, 5],
  [chiSquaredQuantile(0.95, 10), 18.307038, 5],
  [chiSquaredQuantile(0.99, 1), 6.634897, 5],
  [logGamma(10), Math.log(362_880), 10],
])('quantile %d is %d', (found, printed, digits) => {
  expect(found).toBeCloseTo(printed, digits);
});
