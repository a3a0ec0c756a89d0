import { incompleteBeta } from '../../chemometrics/distributions.ts';

/** A share of things counted, with the interval that holds the true one (Clopper and Pearson). */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** Upper end of the one-sided 95 % interval. */
  readonly upper95: number;
  readonly count: number;
  readonly of: number;
}

/** Where a beta distribution has so much below. */
function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(a, b, middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** 95 % interval of `count` of `of`. */
export function shareOf(count: number, of: number): Share {
  const above = (p: number) => (count === of ? 1 : betaQuantile(p, count + 1, of - count));
  return {
    share: of > 0 ? count / of : Number.NaN,
    low: count === 0 ? 0 : betaQuantile(0.025, count, of - count + 1),
    high: above(0.975),
    upper95: above(0.95),
    count,
    of,
  };
}
