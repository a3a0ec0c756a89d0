import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../physics/xray/random.ts';
import { type CountRateState, countRate, freshCountRate, usualCountRate } from './count-rate.ts';
import { chart, freshChart, usualChart } from './drift.ts';
import { conformalP, fisher, fisherLimit, simes } from './fusion.ts';

describe('p-values', () => {
  test('of clean scores are even: at most a share p is at or below p', () => {
    const random = new Random(1);
    const clean = Float64Array.from({ length: 999 }, () => random.normal()).sort();
    const fresh = Array.from({ length: 4000 }, () => conformalP(clean, random.normal()));
    for (const level of [0.01, 0.1, 0.5]) {
      const share = fresh.filter((p) => p <= level).length / fresh.length;
      expect(Math.abs(share - level)).toBeLessThan(0.04);
    }
    expect(conformalP(clean, 100)).toBe(0.001);
    expect(conformalP(clean, -100)).toBe(1);
  });

  test('of many are one, between the least and the Bonferroni of it', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (values) => {
          const one = simes(values);
          expect(one).toBeGreaterThanOrEqual(Math.min(...values));
          expect(one).toBeLessThanOrEqual(Math.min(1, values.length * Math.min(...values)) + 1e-12);
        },
      ),
    );
    expect(fisher([0.04])).toBeCloseTo(0.04, 9);
    expect(fisher([0.05, 0.05])).toBeCloseTo(0.0175, 3);
    expect(fisherLimit(2, 0.0175)).toBeCloseTo(-4 * Math.log(0.05), 1);
    expect(fisher([])).toBe(1);
  });
});

describe('control charts', () => {
  const settings = { ...usualChart, mean: 100, sigma: 2 };
  const run = (count: number, seed: number, drift: (i: number) => number) => {
    const random = new Random(seed);
    let state = freshChart;
    for (let i = 0; i < count; i++) {
      const step = chart(state, 100 + drift(i) + 2 * random.normal(), settings);
      state = step.state;
      if (step.alarms.length > 0) return { at: i, alarms: step.alarms };
    }
    return { at: count, alarms: [] };
  };
  test('are quiet for some hundred values, and see a drift of one sigma soon', () => {
    const mean = (of: number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
    const quiet = Array.from({ length: 60 }, (_, seed) => run(3000, seed, () => 0).at);
    expect(mean(quiet)).toBeGreaterThan(120);
    const moved = Array.from({ length: 60 }, (_, seed) => run(3000, seed, () => 2).at);
    expect(mean(moved)).toBeLessThan(15);
  });
  test('name the side of a step, and take no notice of what is no number', () => {
    expect(chart({ ...freshChart, below: 3 }, 92, settings).alarms).toEqual(['ewma', 'cusum-low']);
    expect(chart(freshChart, Number.NaN, settings)).toEqual({ state: freshChart, alarms: [] });
  });
});

describe('a count rate', () => {
  const settings = { ...usualCountRate, shielding: 0.3 };
  const watch = (
    seconds: number,
    rate: (second: number) => number,
    load: (second: number) => number,
    seed: number,
  ) => {
    const random = new Random(seed);
    let state: CountRateState = freshCountRate;
    const alarms: number[] = [];
    for (let second = 0; second < seconds; second++) {
      const passed = 1 - 0.3 * load(second);
      const counts = random.poisson(rate(second) * passed);
      const step = countRate(state, { counts, seconds: 1, load: load(second) }, settings);
      state = step.state;
      if (step.alarm) alarms.push(second);
    }
    return alarms;
  };
  const onAndOff = (second: number) => (second % 400 < 200 ? 1 : 0);
  test('is not alarmed by an empty belt after ore, for hours', () => {
    expect(watch(20_000, () => 1000, onAndOff, 5)).toEqual([]);
  });
  test('is alarmed by a source in the load, within seconds', () => {
    const [first] = watch(2000, (second) => (second >= 1500 ? 1350 : 1000), onAndOff, 6);
    expect(first).toBeGreaterThanOrEqual(1502);
    expect(first).toBeLessThan(1510);
  });
});
