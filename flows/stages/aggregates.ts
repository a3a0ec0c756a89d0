/**
 * What a window computes, bit by bit: numbers that hold what came so far, so that a window costs the same
 * however many messages it takes. `merge` joins two stretches of a session.
 */
export interface Aggregate {
  readonly initial: readonly number[];
  add(soFar: readonly number[], value: number, ms: number): number[];
  merge(a: readonly number[], b: readonly number[]): number[];
  /** Null: too few values. */
  result(soFar: readonly number[]): number | null;
}

export const functions = ['count', 'first', 'last', 'max', 'mean', 'min', 'stddev', 'sum'] as const;
export type AggregateFunction = (typeof functions)[number];

type Moments = readonly [n: number, mean: number, squares: number];

const moments = (soFar: readonly number[]): Moments => [soFar[0] ?? 0, soFar[1] ?? 0, soFar[2] ?? 0];

/** Chan's update of count, mean and sum of squared deviations: no cancellation on large values. */
function join(a: Moments, b: Moments): number[] {
  const n = a[0] + b[0];
  if (n === 0) return [0, 0, 0];
  const delta = b[1] - a[1];
  return [n, a[1] + (delta * b[0]) / n, a[2] + b[2] + (delta * delta * a[0] * b[0]) / n];
}

const momentsOf = (result: (moments: Moments) => number | null): Aggregate => ({
  initial: [0, 0, 0],
  add: (soFar, value) => join(moments(soFar), [1, value, 0]),
  merge: (a, b) => join(moments(a), moments(b)),
  result: (soFar) => result(moments(soFar)),
});

/** Neumaier's compensated sum. */
function plus([sum = 0, lost = 0]: readonly number[], value: number): number[] {
  const next = sum + value;
  const error = Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
  return [next, lost + error];
}

const chosen = (better: (candidate: number, held: number) => boolean): Aggregate => ({
  initial: [],
  add: (soFar, value) => (soFar.length === 0 || better(value, soFar[0] ?? 0) ? [value] : [...soFar]),
  merge: (a, b) => (b.length === 0 || (a.length > 0 && !better(b[0] ?? 0, a[0] ?? 0)) ? [...a] : [...b]),
  result: (soFar) => soFar[0] ?? null,
});

/** By event time; `earlier` says whether a moment comes in the place of the one held. */
const dated = (earlier: (ms: number, heldMs: number) => boolean): Aggregate => ({
  initial: [],
  add: (soFar, value, ms) => (soFar.length === 0 || earlier(ms, soFar[1] ?? 0) ? [value, ms] : [...soFar]),
  merge: (a, b) => (b.length === 0 || (a.length > 0 && !earlier(b[1] ?? 0, a[1] ?? 0)) ? [...a] : [...b]),
  result: (soFar) => soFar[0] ?? null,
});

export const aggregates: Readonly<Record<AggregateFunction, Aggregate>> = {
  count: momentsOf(([n]) => n),
  first: dated((ms, held) => ms < held),
  last: dated((ms, held) => ms >= held),
  max: chosen((value, held) => value > held),
  mean: momentsOf(([n, mean]) => (n === 0 ? null : mean)),
  min: chosen((value, held) => value < held),
  // of a sample: over n - 1
  stddev: momentsOf(([n, , squares]) => (n < 2 ? null : Math.sqrt(squares / (n - 1)))),
  sum: {
    initial: [0, 0],
    add: (soFar, value) => plus(soFar, value),
    merge: ([a = 0, lostA = 0], [b = 0, lostB = 0]) => plus(plus([a, lostA], b), lostB),
    result: ([sum = 0, lost = 0]) => sum + lost,
  },
};
