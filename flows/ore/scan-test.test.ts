import { describe, expect, test } from 'vitest';
import { Random } from '#test/support/random';
import { atLeast, freshTest, scanFalseAlarm, scanLevel, WindowTest } from './scan-test.ts';

const rules = [
  { least: 1, outOf: 1 },
  { least: 2, outOf: 4 },
  { least: 3, outOf: 12 },
];
const settings = { rules, windows: 2500, falseAlarm: 0.02, detection: 0.3 };

/** Windows until the alarm; undefined: there was none. */
function run(test_: WindowTest, p: () => number, windows: number): number | undefined {
  const state = freshTest();
  for (let window = 0; window < windows; window++)
    if (test_.step(state, window, p()) !== undefined) return window;
  return undefined;
}

test('binomial tails', () => {
  expect(atLeast(0, 5, 0.3)).toBeCloseTo(1, 12);
  expect(atLeast(1, 2, 0.5)).toBeCloseTo(0.75, 12);
  expect(atLeast(3, 3, 0.1)).toBeCloseTo(0.001, 12);
});

describe('a lot’s windows', () => {
  const test_ = new WindowTest(settings);
  test('each rule has its share of the false alarms', () => {
    for (const rule of rules)
      expect(scanFalseAlarm(rule, 2500, scanLevel(rule, 2500, 0.005))).toBeCloseTo(0.005, 6);
    expect(test_.levels[0]).toBeCloseTo(0.005 / 2500, 9);
  });

  test('on clean lots alarm no more often than was set', () => {
    const random = new Random(11);
    const lots = 3000;
    let alarms = 0;
    for (let i = 0; i < lots; i++)
      if (run(test_, () => random.next(), settings.windows) !== undefined) alarms++;
    // 0.02 and three deviations of a count of 3000
    expect(alarms / lots).toBeLessThan(0.02 + 3 * Math.sqrt(0.02 / lots));
  });

  test('that all look as strange as their lot alarm no more often than was set either', () => {
    const random = new Random(13);
    const strict = new WindowTest({ ...settings, falseAlarm: 0.001 });
    const lots = 30_000;
    let alarms = 0;
    for (let i = 0; i < lots; i++) {
      const p = random.next();
      // Twelve windows show what more of the same would.
      if (run(strict, () => p, 12) !== undefined) alarms++;
    }
    expect(alarms / lots).toBeLessThan(0.001 + 3 * Math.sqrt(0.001 / lots));
  });

  test('alarm within 75 windows on waste that one window in three shows', () => {
    const random = new Random(12);
    const seen = Array.from({ length: 300 }, () => {
      const shows = () => (random.next() < 0.3 ? (test_.levels[2] ?? 0) / 2 : random.next());
      return run(test_, shows, 2500) ?? 2500;
    }).sort((a, b) => a - b);
    expect(seen[150]).toBeLessThan(75);
  });

  test('three windows in a row of a short slug are enough, two are not, and far apart they are none', () => {
    const step = (hits: readonly number[]) => {
      const state = freshTest();
      let found: unknown;
      for (let window = 0; window < 40; window++)
        found = test_.step(state, window, hits.includes(window) ? 2e-3 : 0.5) ?? found;
      return found;
    };
    expect(step([5, 6, 7])).toEqual({ test: '3 of 12', from: 5, to: 7 });
    expect(step([5, 6])).toBeUndefined();
    expect(step([5, 17, 29])).toBeUndefined();
  });

  test('one window far beyond chance, and two that are near it, are enough', () => {
    const alarm = (p: readonly number[]) => {
      const state = freshTest();
      return p.map((one, window) => test_.step(state, window, one)?.test).find((one) => one !== undefined);
    };
    expect(alarm([0.5, 1e-7])).toBe('1 of 1');
    expect(alarm([0.5, 1e-4, 0.5, 1e-4])).toBe('2 of 4');
    expect(alarm([0.5, 1e-4, 0.5, 0.5, 0.5, 0.5, 1e-4])).toBeUndefined();
  });
});
