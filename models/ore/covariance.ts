/** Means and covariance of rows as they come: exact sums, so that parts of a set can be joined. */
export class Moments {
  readonly size: number;
  count = 0;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#sum = new Float64Array(size);
    this.#squares = new Float64Array(size * size);
  }

  add(row: Float64Array): void {
    this.count += 1;
    for (let i = 0; i < this.size; i++) {
      const value = row[i] as number;
      this.#sum[i] = (this.#sum[i] as number) + value;
      for (let j = 0; j <= i; j++)
        this.#squares[i * this.size + j] =
          (this.#squares[i * this.size + j] as number) + value * (row[j] as number);
    }
  }

  mean(): Float64Array {
    return this.#sum.map((value) => value / this.count);
  }

  /** Row-major, of deviations from the mean. */
  covariance(): Float64Array {
    const { size, count } = this;
    const found = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        const value =
          ((this.#squares[i * size + j] as number) -
            ((this.#sum[i] as number) * (this.#sum[j] as number)) / count) /
          Math.max(1, count - 1);
        found[i * size + j] = value;
        found[j * size + i] = value;
      }
    return found;
  }
}

/** Lower triangle L with L L' = the matrix (row-major, size x size). Throws RangeError for one that is not positive definite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      if (i !== j) lower[i * size + j] = sum / (lower[j * size + j] as number);
      else {
        if (!(sum > 0)) throw new RangeError(`The covariance is not positive definite at ${i}.`);
        lower[i * size + i] = Math.sqrt(sum);
      }
    }
  return lower;
}

/** Solves L y = x: deviations in their own standard deviations, free of correlation. */
export function whiten(lower: Float64Array, x: Float64Array, into: Float64Array): void {
  const size = into.length;
  for (let i = 0; i < size; i++) {
    let sum = x[i] as number;
    const row = i * size;
    for (let k = 0; k < i; k++) sum -= (lower[row + k] as number) * (into[k] as number);
    into[i] = sum / (lower[row + i] as number);
  }
}

/** A covariance drawn towards another and given a floor on its diagonal, so that few rows do not make it sharp. */
export function shrunk(own: Float64Array, towards: Float64Array, share: number, size: number): Float64Array {
  const found = own.map((value, i) => (1 - share) * value + share * (towards[i] as number));
  for (let i = 0; i < size; i++) found[i * size + i] = (found[i * size + i] as number) * (1 + 1e-6) + 1e-10;
  return found;
}

/** Solves L L' z = x: the covariance's inverse times x. */
export function unscaled(lower: Float64Array, x: Float64Array): Float64Array {
  const size = x.length;
  const z = new Float64Array(size);
  whiten(lower, x, z);
  for (let i = size - 1; i >= 0; i--) {
    let sum = z[i] as number;
    for (let k = i + 1; k < size; k++) sum -= (lower[k * size + i] as number) * (z[k] as number);
    z[i] = sum / (lower[i * size + i] as number);
  }
  return z;
}

/** A covariance of which no deviation is taken for less than `least`. */
export const floored = (covariance: Float64Array, size: number, least: number): Float64Array =>
  Float64Array.from(covariance, (value, i) => (i % (size + 1) === 0 ? value + least ** 2 : value));

/** Inverse of a lower triangle, both row-major. */
export function inverted(lower: Float64Array, size: number): Float64Array {
  const found = new Float64Array(size * size);
  const [unit, column] = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < size; k++) {
    unit.fill(0);
    unit[k] = 1;
    whiten(lower, unit, column);
    for (let i = 0; i < size; i++) found[i * size + k] = column[i] as number;
  }
  return found;
}
