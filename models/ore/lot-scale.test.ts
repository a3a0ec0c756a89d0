import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshTest, usualRules, WindowTest } from '#flows/ore/scan-test';
import { Random } from '../physics/xray/random.ts';
import { noScale, toldP } from './lot-scale.ts';
import { exceededAt, fitLots, strangest } from './make/fit-lots.ts';

const random = new Random(5);
const windows = 1000;
/** Surprises of lots whose windows have something in common: their p-values are right over all windows, and far too small for the lots that are strange. */
const alikeLots = (lots: number, from: Random) =>
  Array.from({ length: lots }, () => {
    const common = Math.exp(0.35 * from.normal());
    return Array.from({ length: windows }, () => -Math.log(1 - from.next()) * common);
  });

describe('the scale of a lot', () => {
  const scale = fitLots(alikeLots(400, random));
  test('rises, and tells no p-value smaller than it is', () => {
    for (let i = 1; i < scale.given.length; i++)
      expect(scale.given[i] ?? 0).toBeGreaterThan(scale.given[i - 1] ?? 0);
    void fc.assert(
      fc.property(
        fc.double({ min: 0, max: 60, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (s, more) => {
          const [one, other] = [toldP(scale, Math.exp(-s)), toldP(scale, Math.exp(-s - more))];
          expect(other).toBeLessThanOrEqual(one);
          expect(one).toBeGreaterThanOrEqual(Math.max(1e-9, Math.exp(-s)) * (1 - 1e-9));
        },
      ),
    );
    expect(toldP(noScale, 0.03)).toBeCloseTo(0.03, 12);
    expect(toldP(noScale, 0)).toBe(1e-9);
  });

  test('keeps the false alarms of lots that it was not made of, where plain p-values do not', () => {
    const falseAlarm = 0.02;
    const rules = new WindowTest({ rules: usualRules, windows, falseAlarm, detection: 0.3 });
    const alarmed = (p: (surprise: number) => number) =>
      fresh.filter((lot) => {
        const state = freshTest();
        return lot.some((surprise, window) => rules.step(state, window, p(surprise)) !== undefined);
      }).length / fresh.length;
    const fresh = alikeLots(600, new Random(6));
    expect(alarmed((surprise) => Math.exp(-surprise))).toBeGreaterThan(3 * falseAlarm);
    expect(alarmed((surprise) => toldP(scale, Math.exp(-surprise)))).toBeLessThanOrEqual(falseAlarm);
  });
});

test('the strangest of neighbours is the most that so many reach together', () => {
  const surprises = [1, 9, 2, 8, 3, 0, 0, 7];
  expect(strangest(surprises, 1, 1)).toBe(9);
  expect(strangest(surprises, 2, 2)).toBe(3);
  expect(strangest(surprises, 2, 3)).toBe(8);
  expect(strangest(surprises, 3, 4)).toBe(3);
  expect(strangest([5], 2, 4)).toBe(0);
});

test('what is exceeded seldom is not taken for less than it is: exponential, and heavier', () => {
  const from = new Random(7);
  for (const heavy of [0, 0.2]) {
    const draw = () => {
      const e = -Math.log(1 - from.next());
      return heavy === 0 ? e : Math.expm1(heavy * e) / heavy;
    };
    const truth = heavy === 0 ? Math.log(1000) : Math.expm1(heavy * Math.log(1000)) / heavy;
    const said = Array.from({ length: 60 }, () => exceededAt(Array.from({ length: 680 }, draw), 0.001));
    const enough = said.filter((value) => value >= truth).length / said.length;
    expect(enough).toBeGreaterThan(0.7);
    expect(said.sort((a, b) => a - b)[30] ?? 0).toBeLessThan(2 * truth);
  }
});
