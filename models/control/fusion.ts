import { chiSquaredQuantile, incompleteGamma } from '../chemometrics/distributions.ts';

/**
 * p-value of a score among scores of what is known to be clean: the share that is at least as large, itself counted
 * (split conformal; Vovk, Gammerman and Shafer 2005). The smallest that can come out is 1/(n+1). `clean` is in rising order.
 */
export function conformalP(clean: Float64Array, score: number): number {
  let [low, high] = [0, clean.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((clean[middle] as number) < score) low = middle + 1;
    else high = middle;
  }
  return (clean.length - low + 1) / (clean.length + 1);
}

/** Several p-values of one thing that may depend on each other in any usual way, as one (Simes, Biometrika 73 (1986) 751). */
export function simes(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.reduce((least, p, i) => Math.min(least, (p * sorted.length) / (i + 1)), 1);
}

/** Several independent p-values as one (Fisher 1932): -2 sum ln p is chi squared with twice as many degrees of freedom. */
export function fisher(values: readonly number[]): number {
  if (values.length === 0) return 1;
  const statistic = values.reduce((sum, p) => sum - 2 * Math.log(Math.max(p, Number.MIN_VALUE)), 0);
  return 1 - incompleteGamma(values.length, statistic / 2);
}

/** How large Fisher's statistic must be for a p-value of `level`. */
export const fisherLimit = (count: number, level: number): number => chiSquaredQuantile(1 - level, 2 * count);
