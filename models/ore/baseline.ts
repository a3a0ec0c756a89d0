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

/** How much of its own lot is known of each turned feature after so many windows, 0..1, and the deviation that is then expected of it. */
export function expectation(
  count: number,
  within: Float64Array,
): { readonly known: Float64Array; readonly scales: Float64Array } {
  const between = within.map((inside) => Math.max(1e-3, 1 - inside));
  const known = within.map((inside, k) => count / (count + (alike * inside) / (between[k] as number)));
  const scales = within.map((inside, k) =>
    Math.sqrt(inside + (between[k] as number) * (1 - (known[k] as number))),
  );
  return { known, scales };
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
      return Math.round(1e6 * Math.max(-limit, Math.min(limit, now))) / 1e6;
    }),
  };
}
