import { whiten } from './covariance.ts';
import { spectralFeatures } from './features.ts';
import { squareOf, triangleSize, unpacked } from './packed.ts';
import type { ImpurityTable } from './tables.ts';

const size = spectralFeatures;
/** Deviations at which a feature turns from linear to logarithmic: a share of a waste twice as large is not twice as far. */
const turn = 3;
export const compressed = (plain: Float64Array): Float64Array =>
  plain.map((value) => Math.asinh(value / turn));

/** How much of the certainty of neighbouring windows is their own: they see the same waste by the same instrument. */
const ownShare = 0.25;

/** Which of the classes ore belongs to: normal distributions with a covariance each (quadratic discriminant analysis). */
export class ImpurityClasses {
  readonly classes: readonly string[];
  readonly #means: readonly Float64Array[];
  readonly #lowers: readonly Float64Array[];
  readonly #determinants: readonly number[];

  constructor({ classes, means, lowers }: ImpurityTable) {
    this.classes = classes;
    const all = unpacked(means, classes.length * size);
    this.#means = classes.map((_, c) => all.subarray(c * size, (c + 1) * size));
    this.#lowers = lowers.map((lower) => squareOf(unpacked(lower, triangleSize(size)), size));
    this.#determinants = this.#lowers.map((lower) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += 2 * Math.log(lower[i * size + i] as number);
      return sum;
    });
  }

  /** Logarithm of how likely each class makes the plain features, but for a constant. */
  logLikelihoods(plain: Float64Array): Float64Array {
    const [x, offset, white] = [compressed(plain), new Float64Array(size), new Float64Array(size)];
    return Float64Array.from(this.classes, (_, c) => {
      const mean = this.#means[c] as Float64Array;
      for (let i = 0; i < size; i++) offset[i] = (x[i] as number) - (mean[i] as number);
      whiten(this.#lowers[c] as Float64Array, offset, white);
      let sum = this.#determinants[c] as number;
      for (let i = 0; i < size; i++) sum += (white[i] as number) ** 2;
      return -sum / 2;
    });
  }
}

/** Logarithms of likelihoods of several windows that are no independent witnesses. */
export function together(windows: readonly Float64Array[]): Float64Array {
  const weight = (1 + ownShare * (windows.length - 1)) / windows.length;
  const sum = new Float64Array(windows[0]?.length ?? 0);
  for (const one of windows)
    for (let c = 0; c < sum.length; c++) sum[c] = (sum[c] as number) + weight * (one[c] as number);
  return sum;
}

export function softmax(logs: Float64Array): Float64Array {
  const largest = Math.max(...logs);
  const raised = logs.map((value) => Math.exp(value - largest));
  const sum = raised.reduce((all, value) => all + value, 0);
  return raised.map((value) => value / sum);
}
