import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallOff } from './fall-off.ts';
import { Noise } from './noise.ts';
import { Random } from './random.ts';

describe('a reading', () => {
  it.each([
    ['many photons', 0.5, 4e4, 1.4, 0],
    ['few photons', 0.01, 800, 1.4, 0],
    ['no photons, electronics alone', 0, 800, 1.4, 0.01],
    ['both', 0.2, 2000, 1.2, 0.02],
  ] as const)(
    'has the mean and the variance of compound Poisson noise: %s',
    (_, share, photons, factor, electronic) => {
      const noise = new Noise(new Random(5));
      const count = 60_000;
      let [sum, square] = [0, 0];
      for (let i = 0; i < count; i++) {
        const value = noise.reading(share, photons, factor, electronic);
        sum += value;
        square += value * value;
      }
      const mean = sum / count;
      const variance = (share * factor) / photons + electronic ** 2;
      expect(Math.abs(mean - share)).toBeLessThan(5 * Math.sqrt(variance / count));
      expect((square / count - mean * mean) / variance).toBeCloseTo(1, 1.3);
    },
  );
});

describe('the quick exponential', () => {
  it('is the exponential', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 29.9, noNaN: true }), (x) => {
        expect(Math.abs(fallOff(x) / Math.exp(-x) - 1)).toBeLessThan(1e-8);
      }),
    );
    expect(fallOff(31)).toBe(0);
    expect(fallOff(0)).toBe(1);
  });
});
