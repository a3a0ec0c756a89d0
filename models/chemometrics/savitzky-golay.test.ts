import { describe, expect, test } from 'vitest';
import { SavitzkyGolay, savitzkyGolayWeights } from './savitzky-golay.ts';

describe('Savitzky-Golay', () => {
  test('has the weights that were published (Anal. Chem. 36 (1964) 1627)', () => {
    const close = (found: Float64Array, published: number[], divisor: number) =>
      published.map((weight, i) => expect(found[i]).toBeCloseTo(weight / divisor, 12));
    close(savitzkyGolayWeights({ window: 5, order: 2, derivative: 0 }), [-3, 12, 17, 12, -3], 35);
    close(savitzkyGolayWeights({ window: 7, order: 3, derivative: 1 }), [22, -67, -58, 0, 58, 67, -22], 252);
    close(savitzkyGolayWeights({ window: 5, order: 2, derivative: 2 }), [2, -1, -2, -1, 2], 7);
  });

  test.each([
    [{ window: 15, order: 2, derivative: 0 }, (x: number) => 3 - 0.2 * x + 0.01 * x * x],
    [{ window: 15, order: 2, derivative: 1 }, (x: number) => -0.2 + 0.02 * x],
    [{ window: 9, order: 4, derivative: 2 }, () => 0.02],
  ])('of %o gives a parabola, up to both ends', (settings, wanted) => {
    const points = 41;
    const input = Float64Array.from({ length: points }, (_, x) => 3 - 0.2 * x + 0.01 * x * x);
    const output = new Float64Array(points);
    new SavitzkyGolay(settings, points).apply(input, output);
    for (const [x, value] of output.entries()) expect(value).toBeCloseTo(wanted(x), 9);
  });

  test.each([
    { window: 4, order: 2, derivative: 0 },
    { window: 5, order: 5, derivative: 0 },
    { window: 5, order: 2, derivative: 3 },
    { window: 51, order: 2, derivative: 0 },
    { window: 5.5, order: 2, derivative: 0 },
  ])('refuses %o over 41 points', (settings) => {
    expect(() => new SavitzkyGolay(settings, 41)).toThrow(RangeError);
  });
});
