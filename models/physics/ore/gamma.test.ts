import { describe, expect, test } from 'vitest';
import { Random } from '../xray/random.ts';
import { GammaField, gammaCounts, usualActivity, usualMonitor } from './gamma.ts';

const field = new GammaField();
const load = { kgPerM: 350, bqPerKg: usualActivity };
const sum = (of: Float64Array, from = 0, to = 3100) =>
  of
    .subarray(Math.floor(from / usualMonitor.keVPerChannel), Math.floor(to / usualMonitor.keVPerChannel))
    .reduce((all, value) => all + value, 0);
const source = (nuclide: string, depthM = 0.1, alongM = 0) => ({
  nuclide,
  megabecquerel: 20,
  depthM,
  alongM,
});

describe('gamma over the belt', () => {
  test('is less over a full belt than over an empty one: ore hides the ground', () => {
    const [empty, full] = [{ ...load, kgPerM: 0 }, load].map((one) => sum(field.expected(one)));
    expect((full ?? 0) / (empty ?? 1)).toBeGreaterThan(0.7);
    expect((full ?? 0) / (empty ?? 1)).toBeLessThan(0.9);
    expect(sum(field.expected({ ...load, kgPerM: 0 })) / usualMonitor.background).toBeCloseTo(1, 1);
  });
  test.each([
    ['Cs-137', 590, 730],
    ['Co-60', 1080, 1430],
    ['K-40', 1360, 1560],
  ])('shows %s where its lines are', (nuclide, from, to) => {
    const [without, with_] = [load, { ...load, source: source(nuclide) }].map((one) => field.expected(one));
    const more = (a: number, b: number) =>
      sum(with_ ?? new Float64Array(0), a, b) / sum(without ?? new Float64Array(1), a, b);
    expect(more(from, to)).toBeGreaterThan(1.5);
    expect(more(from, to)).toBeGreaterThan(more(1800, 3000));
  });
  test('hides a source the better the deeper it lies, americium nearly wholly', () => {
    const rate = (nuclide: string, depthM: number) =>
      sum(field.expected({ ...load, source: source(nuclide, depthM) })) - sum(field.expected(load));
    expect(rate('Co-60', 0.1) / rate('Co-60', 0.2)).toBeGreaterThan(2);
    expect(rate('Am-241', 0.1)).toBeLessThan(1e-3 * rate('Am-241', 0));
    expect(field.doseRate({ ...load, source: source('Cs-137', 0) })).toBeGreaterThan(
      5 * field.doseRate(load),
    );
    expect(field.doseRate({ ...load, source: source('Cs-137', 0, 3) })).toBeLessThan(
      field.doseRate({ ...load, source: source('Cs-137', 0) }) / 10,
    );
  });
  test('is counted as chance has it, the same for the same seed', () => {
    const expected = field.expected(load);
    const counts = gammaCounts(expected, 60, new Random(3));
    expect(Math.abs(sum(counts) / (60 * sum(expected)) - 1)).toBeLessThan(0.02);
    expect(gammaCounts(expected, 60, new Random(3))).toEqual(counts);
    expect(() => field.expected({ ...load, source: source('X-1') })).toThrow(RangeError);
  });
});
