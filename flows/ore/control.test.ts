import { describe, expect, test } from 'vitest';
import { Random } from '#test/support/random';
import { type CountRateState, countRate, freshCountRate, usualCountRate } from './count-rate.ts';
import { chart, freshChart, usualChart } from './drift.ts';

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
