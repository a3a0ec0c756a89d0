/**
 * Solves symmetric positive definite systems of up to `size` unknowns, of which some may be left out, with a factor that
 * keeps the zeros before the first entry of each row (the envelope). All memory is its own.
 */
export class NormalEquations {
  readonly size: number;
  /** The matrix, row-major; only entries on and below the diagonal are read. */
  readonly matrix: Float64Array;
  readonly right: Float64Array;
  readonly #factor: Float64Array;
  readonly #inverse: Float64Array;
  readonly #first: Int32Array;

  constructor(size: number) {
    this.size = size;
    this.matrix = new Float64Array(size * size);
    this.right = new Float64Array(size);
    this.#factor = new Float64Array(size * size);
    this.#inverse = new Float64Array(size * size);
    this.#first = new Int32Array(size);
  }

  /** Solves for the unknowns at places[0..count), all others being zero; false when they are not independent. */
  solve(places: Int32Array, count: number, into: Float64Array): boolean {
    const { size, matrix, right } = this;
    const factor = this.#factor;
    for (let i = 0; i < count; i++) {
      const row = (places[i] as number) * size;
      let first = 0;
      while (first < i && matrix[row + (places[first] as number)] === 0) first++;
      this.#first[i] = first;
      for (let j = first; j <= i; j++) {
        let sum = matrix[row + (places[j] as number)] as number;
        const from = Math.max(first, this.#first[j] as number);
        for (let k = from; k < j; k++)
          sum -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
        if (j < i) factor[i * size + j] = sum / (factor[j * size + j] as number);
        else {
          if (!(sum > 1e-12 * (matrix[row + (places[i] as number)] as number))) return false;
          factor[i * size + i] = Math.sqrt(sum);
        }
      }
    }
    for (let i = 0; i < count; i++) {
      let sum = right[places[i] as number] as number;
      for (let k = this.#first[i] as number; k < i; k++)
        sum -= (factor[i * size + k] as number) * (into[k] as number);
      into[i] = sum / (factor[i * size + i] as number);
    }
    for (let i = count - 1; i >= 0; i--) {
      const value = (into[i] as number) / (factor[i * size + i] as number);
      into[i] = value;
      for (let k = this.#first[i] as number; k < i; k++)
        into[k] = (into[k] as number) - (factor[i * size + k] as number) * value;
    }
    return true;
  }

  /** Diagonal of the inverse of what `solve` factored last: the variance of each unknown. */
  variances(count: number, into: Float64Array): void {
    const { size } = this;
    const factor = this.#factor;
    const inverse = this.#inverse;
    into.fill(0, 0, count);
    for (let column = 0; column < count; column++) {
      let variance = 0;
      for (let i = column; i < count; i++) {
        let sum = i === column ? 1 : 0;
        for (let k = Math.max(column, this.#first[i] as number); k < i; k++)
          sum -= (factor[i * size + k] as number) * (inverse[k] as number);
        const value = sum / (factor[i * size + i] as number);
        inverse[i] = value;
        variance += value * value;
      }
      into[column] = variance;
    }
  }
}
