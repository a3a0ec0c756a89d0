import { spectralFeatures } from './features.ts';

/** What a lot's windows have been like so far: plain JSON. */
export interface Baseline {
  readonly count: number;
  /** Mean of the turned features of its clean windows, the newest counting most. */
  readonly mean: readonly number[];
}

export const freshBaseline: Baseline = { count: 0, mean: [] };

/** Windows that the mean reaches back over: ore along the belt forgets what it was. */
const longest = 40;
/** Neighbouring windows are alike: so many count as one. */
const alike = 6;
/** The mean is not led further from the brand than this, in deviations from lot to lot: what is further is no clean lot. */
const farthest = 3;

/**
 * Turned features of a window beside what is expected of it: nothing of the lot is known at first, and more with each window. Into `relative`, in
 * deviations of what is expected, which go into `scales`.
 */
export function relativeTo(
  { count, mean }: Baseline,
  within: Float64Array,
  turned: Float64Array,
  relative: Float64Array,
  scales: Float64Array,
): void {
  for (let k = 0; k < spectralFeatures; k++) {
    const inside = within[k] as number;
    const between = Math.max(1e-3, 1 - inside);
    const known = count / (count + (alike * inside) / between);
    const scale = Math.sqrt(inside + between * (1 - known));
    scales[k] = scale;
    relative[k] = ((turned[k] as number) - known * (mean[k] ?? 0)) / scale;
  }
}

/** The baseline with one more clean window. */
export function withWindow({ count, mean }: Baseline, within: Float64Array, turned: Float64Array): Baseline {
  const weight = 1 / Math.min(count + 1, longest);
  return {
    count: Math.min(count + 1, longest),
    mean: Array.from(turned, (value, k) => {
      const limit = farthest * Math.sqrt(Math.max(1e-3, 1 - (within[k] as number))) + Math.sqrt(weight);
      const before = mean[k] ?? 0;
      const now = before + weight * (value - before);
      return Number(Math.max(-limit, Math.min(limit, now)).toPrecision(7));
    }),
  };
}
