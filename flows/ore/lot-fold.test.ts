import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '#test/support/random';
import { type IncrementValue, joinSums, sumsOf, type ValueSums } from './lot-fold.ts';
import { lotValue } from './lot-interval.ts';

const increment = fc.record({
  massKg: fc.integer({ min: 1, max: 60_000 }),
  value: fc.double({ min: -10, max: 75, noNaN: true }),
  sigma: fc.double({ min: 0, max: 3, noNaN: true }),
  bias: fc.double({ min: 0, max: 1, noNaN: true }),
});
const lot = fc
  .array(increment, { minLength: 1, maxLength: 60 })
  .map((list) => list.map((one, i): IncrementValue => ({ ...one, increment: i })));

const fold = (list: readonly IncrementValue[]): ValueSums => list.map(sumsOf).reduce(joinSums);

/** Joins neighbouring parts in any order. */
function foldInParts(list: readonly IncrementValue[], order: readonly number[]): ValueSums {
  const parts = list.map(sumsOf);
  for (const pick of order) {
    if (parts.length === 1) break;
    const at = pick % (parts.length - 1);
    parts.splice(at, 2, joinSums(parts[at] as ValueSums, parts[at + 1] as ValueSums));
  }
  return parts.reduce(joinSums);
}

test('a lot is the same to the last bit in whatever parts its increments were added up', () => {
  fc.assert(
    fc.property(lot, fc.array(fc.nat(1000), { maxLength: 60 }), (list, order) => {
      const [whole, parts] = [fold(list), foldInParts(list, order)];
      expect(parts).toEqual(whole);
      expect(JSON.stringify(lotValue(parts))).toBe(JSON.stringify(lotValue(whole)));
    }),
  );
});

test('the value is the mean by mass', () => {
  const list = [
    { increment: 0, massKg: 10_000, value: 60, sigma: 0, bias: 0.1 },
    { increment: 1, massKg: 30_000, value: 62, sigma: 0, bias: 0.1 },
  ];
  const { value, bias, lower, upper } = lotValue(fold(list));
  expect(value).toBe(61.5);
  expect(bias).toBe(0.1);
  expect(lower).toBeLessThan(61.5 - 1.95 * 0.1);
  expect(upper).toBeGreaterThan(61.5 + 1.95 * 0.1);
});

test('with one increment, or all alike, the interval is that of its stated deviation and bias', () => {
  const { random, bias } = lotValue(
    fold([{ increment: 0, massKg: 20_000, value: 61, sigma: 0.4, bias: 0.2 }]),
  );
  expect(random).toBeCloseTo(0.4, 9);
  expect(bias).toBe(0.2);
});

/** Increments about a mean, each like the one before it by `likeness`. */
function autoregressive(
  random: Random,
  count: number,
  likeness: number,
  deviation: number,
): IncrementValue[] {
  let z = random.normal();
  return Array.from({ length: count }, (_, i) => {
    z = likeness * z + Math.sqrt(1 - likeness ** 2) * random.normal();
    return { increment: i, massKg: 20_000, value: 61 + deviation * z, sigma: 0, bias: 0 };
  });
}

test('95 % intervals hold the mean in 90 to 99 % of lots, also where neighbours resemble each other', () => {
  for (const likeness of [0, 0.5, 0.8]) {
    const random = new Random(7, Math.round(likeness * 100));
    let held = 0;
    const lots = 400;
    for (let i = 0; i < lots; i++) {
      const { lower, upper } = lotValue(fold(autoregressive(random, 250, likeness, 0.5)));
      if (lower <= 61 && 61 <= upper) held += 1;
    }
    expect(held / lots).toBeGreaterThan(0.9);
    expect(held / lots).toBeLessThanOrEqual(0.99);
  }
});

test('a lot that was looked at whole errs by its measurement alone, half of one by both', () => {
  const random = new Random(9);
  const list = autoregressive(random, 250, 0.8, 0.5).map((one) => ({ ...one, sigma: 0.1 }));
  const kg = 250 * 20_000;
  const [whole, half, sampled] = [
    lotValue(fold(list), kg),
    lotValue(fold(list), 2 * kg),
    lotValue(fold(list)),
  ];
  const alike = Math.sqrt((1 + whole.likeness) / (1 - whole.likeness));
  expect(whole.random).toBeCloseTo((0.1 / Math.sqrt(250)) * alike, 6);
  expect(half.random ** 2).toBeCloseTo((whole.random ** 2 + sampled.random ** 2) / 2, 9);
  expect(sampled.random).toBeGreaterThan(4 * whole.random);
});

test('random error goes down with the lot, the bias stays', () => {
  const random = new Random(3);
  const biased = (count: number) =>
    lotValue(
      fold(autoregressive(random, count, 0.5, 0.5).map((one) => ({ ...one, sigma: 0.4, bias: 0.15 }))),
    );
  expect(biased(2000).random).toBeLessThan(biased(50).random / 3);
  expect(biased(2000).bias).toBeCloseTo(0.15, 9);
});
