import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atFalseAlarms,
  auc,
  bootstrap,
  logistic,
  random,
  reliability,
  tailThreshold,
  wilson,
} from './statistics.ts';

describe("wilson's interval", () => {
  it.each([
    [485, 500, 0.951],
    [970, 1000, 0.9575],
    [192, 200, 0.923],
  ])('%i of %i has its lower bound at %f', (hits, n, from) => {
    expect(wilson(hits, n).from).toBeCloseTo(from, 3);
  });

  it('holds what was seen, and never leaves 0..1', () => {
    expect(wilson(0, 10)).toMatchObject({ from: 0 });
    expect(wilson(10, 10).to).toBeCloseTo(1, 12);
    expect(wilson(0, 0)).toEqual({ from: 0, to: 1 });
  });
});

describe('auc', () => {
  it('is the share of pairs in the right order', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(scores, scores, (positive, negative) => {
        const pairs = positive.flatMap((p) => negative.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const share = pairs.reduce<number>((sum, value) => sum + value, 0) / pairs.length;
        expect(auc(positive, negative)).toBeCloseTo(share, 9);
      }),
    );
  });
});

describe('a threshold at a share of false alarms', () => {
  it('lets no more negatives over it', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(scores, scores, fc.double({ min: 0, max: 1, noNaN: true }), (positive, negative, share) => {
        const { above, hits } = atFalseAlarms(positive, negative, share);
        expect(negative.filter((score) => score > above).length).toBeLessThanOrEqual(share * negative.length);
        expect(hits).toBe(positive.filter((score) => score > above).length);
      }),
    );
  });
});

it('the threshold by the tail is where an exponential one has it', () => {
  const next = random(2);
  const negative = Array.from({ length: 4000 }, () => 3 - 0.7 * Math.log(1 - next()));
  expect(tailThreshold(negative, 0.0025)).toBeCloseTo(3 - 0.7 * Math.log(0.0025), 0);
  expect(tailThreshold(negative, 0.1)).toBeCloseTo(3 - 0.7 * Math.log(0.1), 1);
});

it('bootstrap holds the statistic and is the same every time', () => {
  const next = random(3);
  const positive = Array.from({ length: 80 }, () => next() + 0.3);
  const negative = Array.from({ length: 80 }, () => next());
  const interval = bootstrap(positive, negative, auc, 200);
  const value = auc(positive, negative);
  expect(interval.from).toBeLessThan(value);
  expect(interval.to).toBeGreaterThan(value);
  expect(bootstrap(positive, negative, auc, 200)).toEqual(interval);
});

it('logistic regression finds what the samples were drawn from, and then is calibrated', () => {
  const next = random(1);
  const rows = Array.from({ length: 4000 }, () => [next() * 8 - 4, next()]);
  const p = (row: readonly number[]) => 1 / (1 + Math.exp(-(0.5 + 1.5 * (row[0] ?? 0) - 2 * (row[1] ?? 0))));
  const targets = rows.map((row) => next() < p(row));
  const [bias, first, second] = logistic(rows, targets);
  expect(bias).toBeCloseTo(0.5, 0);
  expect(first).toBeCloseTo(1.5, 0);
  expect(second).toBeCloseTo(-2, 0);
  expect(reliability(rows.map(p), targets).ece).toBeLessThan(0.02);
  expect(
    reliability(
      rows.map(() => 0.95),
      targets,
    ).ece,
  ).toBeGreaterThan(0.3);
});
