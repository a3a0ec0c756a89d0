/** Window of an odd number of points, order of the polynomial, and which derivative is wanted (0: smoothing). */
export interface SavitzkyGolaySettings {
  readonly window: number;
  readonly order: number;
  readonly derivative: number;
}

/** Gram polynomial of degree k and its derivative s at i, over 2m+1 points (Gorry, Anal. Chem. 62 (1990) 570). */
function gram(i: number, m: number, k: number, s: number): number {
  if (k < 0 || s < 0) return 0;
  if (k === 0) return s === 0 ? 1 : 0;
  const scale = k * (2 * m - k + 1);
  const first = (2 * (2 * k - 1)) / scale;
  const second = ((k - 1) * (2 * m + k)) / scale;
  return first * (i * gram(i, m, k - 1, s) + s * gram(i, m, k - 1, s - 1)) - second * gram(i, m, k - 2, s);
}

/** a (a-1) … (a-b+1). */
function falling(a: number, b: number): number {
  let product = 1;
  for (let j = a - b + 1; j <= a; j++) product *= j;
  return product;
}

/** Weight of each point of the window for the fitted polynomial's derivative at `t`, -m..m. */
export function savitzkyGolayWeights(
  { window, order, derivative }: SavitzkyGolaySettings,
  t = 0,
): Float64Array {
  const m = (window - 1) / 2;
  return Float64Array.from({ length: window }, (_, at) => {
    let sum = 0;
    for (let k = 0; k <= order; k++) {
      const norm = ((2 * k + 1) * falling(2 * m, k)) / falling(2 * m + k + 1, k + 1);
      sum += norm * gram(at - m, m, k, 0) * gram(t, m, k, derivative);
    }
    return sum;
  });
}

/**
 * The filter over spectra of a fixed number of points. Near both ends the polynomial of the outermost window is
 * evaluated where the point is, so that the output has as many points as the input. Derivatives are per point.
 */
export class SavitzkyGolay {
  readonly settings: SavitzkyGolaySettings;
  readonly #points: number;
  readonly #half: number;
  readonly #centre: Float64Array;
  /** Weights for the first points, row by row; the last points have them mirrored. */
  readonly #edge: Float64Array;
  /** 1 or -1: how the weights of an odd derivative change when mirrored. */
  readonly #mirror: number;

  /** Throws RangeError for a window that is even, no wider than the order, or wider than the spectrum. */
  constructor(settings: SavitzkyGolaySettings, points: number) {
    const { window, order, derivative } = settings;
    const whole = [window, order, derivative].every((value) => Number.isInteger(value) && value >= 0);
    if (!whole || window % 2 === 0 || window <= order || derivative > order || window > points) {
      throw new RangeError(
        `A Savitzky-Golay filter of ${window} points, order ${order}, derivative ${derivative} does not fit ${points} points.`,
      );
    }
    this.settings = settings;
    this.#points = points;
    this.#half = (window - 1) / 2;
    this.#centre = savitzkyGolayWeights(settings);
    this.#edge = new Float64Array(this.#half * window);
    for (let i = 0; i < this.#half; i++)
      this.#edge.set(savitzkyGolayWeights(settings, i - this.#half), i * window);
    this.#mirror = derivative % 2 ? -1 : 1;
  }

  /** Filters `input` into `output`, which must be another array; allocates nothing. */
  apply(input: Float64Array, output: Float64Array): void {
    this.#middle(input, output);
    this.ends(input, output);
  }

  /** Four points at a time: one point's sum alone would wait for itself at every step. */
  #middle(input: Float64Array, output: Float64Array): void {
    const centre = this.#centre;
    const half = this.#half;
    const end = this.#points - half;
    let i = half;
    for (; i + 4 <= end; i += 4) {
      const from = i - half;
      let a = input[from] as number;
      let b = input[from + 1] as number;
      let c = input[from + 2] as number;
      let sumA = 0;
      let sumB = 0;
      let sumC = 0;
      let sumD = 0;
      for (let j = 0; j < centre.length; j++) {
        const weight = centre[j] as number;
        const d = input[from + 3 + j] as number;
        sumA += weight * a;
        sumB += weight * b;
        sumC += weight * c;
        sumD += weight * d;
        a = b;
        b = c;
        c = d;
      }
      output[i] = sumA;
      output[i + 1] = sumB;
      output[i + 2] = sumC;
      output[i + 3] = sumD;
    }
    for (; i < end; i++) {
      let sum = 0;
      for (let j = 0; j < centre.length; j++) sum += (centre[j] as number) * (input[i - half + j] as number);
      output[i] = sum;
    }
  }

  /** The weights of a point that has all of its window. */
  get centre(): Float64Array {
    return this.#centre;
  }

  /** The first and the last points alone, those that do not have all of their window. */
  ends(input: Float64Array, output: Float64Array): void {
    const edge = this.#edge;
    const window = this.#centre.length;
    const last = this.#points - 1;
    for (let i = 0; i < this.#half; i++) {
      let low = 0;
      let high = 0;
      for (let j = 0; j < window; j++) {
        const weight = edge[i * window + j] as number;
        low += weight * (input[j] as number);
        high += weight * (input[last - j] as number);
      }
      output[i] = low;
      output[last - i] = this.#mirror * high;
    }
  }
}
