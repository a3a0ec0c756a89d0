import { expect, test } from 'vitest';
import { Random } from '../../physics/xray/random.ts';
import { referenceSamples } from '../regression.ts';
import { errorsLeft, type LotError } from './reference-errors.ts';

const square = (values: readonly number[]) => values.reduce((sum, e) => sum + e * e, 0) / values.length;

/** Lots of 17 brands at many berths: what the berth errs in all, in one brand, and in one lot. */
function calibrations(berths: number, of: { berth: number; brand: number; lot: number; sample: number }) {
  const random = new Random(3);
  const common = Array.from({ length: berths }, () => of.berth * random.normal());
  return Array.from({ length: 17 }, (_, brand) => ({
    bias: 0.2,
    lots: common.flatMap((berthError, berth): LotError[] => {
      const own = of.brand * random.normal();
      return [0, 1].map(() => {
        const error = berthError + own + of.lot * random.normal();
        return { berth, brand, error, sample: error + of.sample * random.normal() };
      });
    }),
  }));
}

test('what the samples of an instrument cannot take away is left: its brand, the lot, and the samples’ own errors', () => {
  const of = { berth: 0.3, brand: 0.1, lot: 0.3, sample: 0.12 };
  const left = errorsLeft(calibrations(200, of)).flat();
  const lot = of.brand ** 2 + of.lot ** 2;
  // A brand is among the samples in eight of seventeen choices, and then its own error is shared.
  const expected = lot + (lot + of.sample ** 2) / referenceSamples - (2 * of.brand ** 2) / 17;
  expect(Math.sqrt(square(left)) / Math.sqrt(expected)).toBeGreaterThan(0.97);
  expect(Math.sqrt(square(left)) / Math.sqrt(expected)).toBeLessThan(1.03);
});

test('an error that all brands of a berth share is taken away whole', () => {
  const left = errorsLeft(calibrations(5, { berth: 0.5, brand: 0, lot: 0, sample: 0 })).flat();
  expect(left.length).toBe(5 * 2 * 17 * 17);
  expect(Math.max(...left.map(Math.abs))).toBeLessThan(1e-12);
});
