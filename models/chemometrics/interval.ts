import { fisherQuantile, studentQuantile } from './distributions.ts';

/** How sure a calibration is of what it says of a new sample. */
export interface Uncertainty {
  /** Standard deviation of value less prediction of a sample in the middle of the calibration. */
  readonly sigma: number;
  /** Degrees of freedom that `sigma` rests on. */
  readonly freedom: number;
  /** Samples of the calibration. */
  readonly samples: number;
  /** What a transfer to another instrument adds, as a standard deviation. */
  readonly transferSigma: number;
  /** Share of new reference values that lie inside. */
  readonly confidence: number;
  /** Share of `sigma` squared that samples of one lot have in common; absent: nobody knows, and all of it counts as such. */
  readonly commonShare?: number | undefined;
}

/** From residuals of samples that the model had not seen, each freed of what its own leverage adds. */
export function uncertaintyOf(
  residuals: Float64Array,
  leverages: Float64Array,
  components: number,
  confidence: number,
): Uncertainty {
  const count = residuals.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (residuals[i] as number) ** 2 / (1 + (leverages[i] as number));
  const freedom = Math.max(1, count - components - 1);
  return { sigma: Math.sqrt(sum / count), freedom, samples: count, transferSigma: 0, confidence };
}

/**
 * Half the width of the prediction interval of a new reference value, by its T2: t s sqrt(1 + h) with the leverage
 * h = 1/n + T2/(n-1) (Faber and Bro, Chemometrics Intell. Lab. Syst. 61 (2002) 133).
 */
export function halfWidths(uncertainty: Uncertainty): (t2: number) => number {
  const { sigma, freedom, samples, transferSigma, confidence } = uncertainty;
  const quantile = studentQuantile((1 + confidence) / 2, freedom);
  return (t2) => {
    const leverage = 1 / samples + t2 / Math.max(1, samples - 1);
    return quantile * Math.sqrt(sigma * sigma * (1 + leverage) + transferSigma * transferSigma);
  };
}

/** Lots, and rows beyond one a lot, below which the parts of an error cannot be told. */
const leastGroups = 8;
/** The share is taken so high that it is higher in one of four tables. */
const careful = 0.25;

/**
 * Share of the variance of errors that rows of one lot (or sample) have in common: one-way analysis of variance with random effects and
 * unequal groups, at the careful end of what so few groups leave open (Searle, Casella and McCulloch, Variance Components, 3.6). Undefined where `groups` are too few.
 */
export function commonShare(errors: Float64Array, groups: readonly string[] | undefined): number | undefined {
  const byGroup = new Map<string, number[]>();
  for (const [i, group] of (groups ?? []).entries())
    byGroup.set(group, [...(byGroup.get(group) ?? []), errors[i] as number]);
  const [count, lots] = [errors.length, byGroup.size];
  if (lots < leastGroups || count - lots < leastGroups) return undefined;
  const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
  const all = mean([...errors]);
  let [within, between, squares] = [0, 0, 0];
  for (const own of byGroup.values()) {
    const middle = mean(own);
    within += own.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (count - lots);
    between += (own.length * (middle - all) ** 2) / (lots - 1);
    squares += own.length ** 2;
  }
  if (!(within > 0)) return 1;
  const size = (count - squares / count) / (lots - 1);
  const ratio = (between / within / fisherQuantile(careful, lots - 1, count - lots) - 1) / size;
  return Math.max(0, ratio) / (1 + Math.max(0, ratio));
}

/** Half the width of the normal 95 % interval, in standard deviations. */
const normal95 = 1.959963984540054;

/**
 * Standard deviations of what a spectrum's value has of its own and of what all of its lot has in common, by its T2. Together, and
 * taken as normal, they give the prediction interval at 95 %: Student's t is in them. Leverage and transfer are errors of the calibration itself.
 */
export function errorsOfLot(uncertainty: Uncertainty): (t2: number) => { sigma: number; bias: number } {
  const half = halfWidths({ ...uncertainty, confidence: 0.95 });
  const own = uncertainty.sigma ** 2 * (1 - (uncertainty.commonShare ?? 1));
  const quantile = studentQuantile(0.975, uncertainty.freedom);
  return (t2) => {
    const all = (half(t2) / normal95) ** 2;
    const alone = Math.min(all, own * (quantile / normal95) ** 2);
    return { sigma: Math.sqrt(alone), bias: Math.sqrt(all - alone) };
  };
}
