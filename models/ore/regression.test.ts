import { describe, expect, test } from 'vitest';
import { spectralFeatures } from './features.ts';
import { readOreTables } from './open.ts';
import { unpacked } from './packed.ts';
import { Composition, offsetsOf } from './regression.ts';

const [table] = readOreTables().brands;
if (!table) throw new Error('no brand');
const composition = new Composition(table.regression);
const usual = unpacked(table.mean, spectralFeatures);
const iron = (stretch: Parameters<Composition['of']>[1], offsets?: Parameters<Composition['of']>[2]) => {
  const found = composition.of(usual, stretch, offsets).find(({ name }) => name === 'Fe');
  if (!found) throw new Error('no iron');
  return found;
};

describe('the deviation of a composition', () => {
  test('falls with seconds and with windows, but not as if neighbours were strangers', () => {
    const one = iron({ windows: 1, windowT: 5, seconds: 6 }).sigma;
    expect(iron({ windows: 1, windowT: 5, seconds: 60 }).sigma).toBeLessThan(one);
    const four = iron({ windows: 4, windowT: 5, seconds: 6 }).sigma;
    expect(four).toBeLessThan(one);
    expect(four).toBeGreaterThan(one / 2);
    // Far apart they nearly are.
    const apart = iron({ windows: 4, windowT: 1000, seconds: 6 }).sigma;
    expect(apart).toBeLessThan(four);
  });

  test('is that of an instrument that was set, where it was', () => {
    const at = { windows: 1, windowT: 5, seconds: 6 };
    expect(iron(at).bias).toBe(table.regression.bias[0]);
    const set = iron(at, { Fe: 0.5 });
    expect(set.bias).toBe(table.regression.referencedBias[0]);
    expect(iron(at).value - set.value).toBeCloseTo(0.5, 9);
  });
});

test('an instrument is set by samples, most by those whose calibration differs least', () => {
  const sample = (value: number, bias: number) => ({
    said: [{ name: 'Fe', value, sigma: 0.1, bias }],
    known: { Fe: 60 },
  });
  expect(offsetsOf([sample(60.2, 0.1), sample(60.4, 0.1)]).Fe).toBeCloseTo(0.3, 9);
  expect(offsetsOf([sample(60.1, 0.1), sample(62, 1)]).Fe).toBeCloseTo((0.1 * 100 + 2) / 101, 6);
  expect(offsetsOf([]).Fe).toBe(0);
});
