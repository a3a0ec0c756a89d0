import { studentQuantile } from './distributions.ts';

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
