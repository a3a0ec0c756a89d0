/** Adds to `high` and `low` of one line what is scattered into it along the detector; `sigma` in rows. */
export class Scatter {
  readonly #rows: number;
  readonly #half: number;
  readonly #source: Float64Array;
  readonly #passed: Float64Array;

  constructor(rows: number, sigmaRows: number) {
    this.#rows = rows;
    // Two running means of this half width have the variance of the wanted sigma.
    this.#half = Math.max(1, Math.round((Math.sqrt(1 + 6 * sigmaRows ** 2) - 1) / 2));
    this.#source = new Float64Array(rows);
    this.#passed = new Float64Array(rows);
  }

  /**
   * Scatter that leaves a ray grows with what it went through and is weakened with it: k T (-ln T), spread over the
   * neighbours, and a floor that comes from everywhere. Air stays 1, as calibration makes it.
   */
  add(line: Float32Array, perThickness: number, floor: number): void {
    let any = false;
    for (let row = 0; row < this.#rows; row++) {
      const t = line[row] as number;
      this.#source[row] = t < 1 && t > 0 ? -perThickness * t * Math.log(t) : 0;
      any ||= t < 1;
    }
    if (!any) return;
    this.#mean(this.#source, this.#passed);
    this.#mean(this.#passed, this.#source);
    for (let row = 0; row < this.#rows; row++)
      line[row] = ((line[row] as number) + (this.#source[row] as number) + floor) / (1 + floor);
  }

  #mean(from: Float64Array, into: Float64Array): void {
    const half = this.#half;
    const width = 2 * half + 1;
    let sum = 0;
    for (let row = 0; row < Math.min(half, this.#rows); row++) sum += from[row] as number;
    for (let row = 0; row < this.#rows; row++) {
      if (row + half < this.#rows) sum += from[row + half] as number;
      if (row - half - 1 >= 0) sum -= from[row - half - 1] as number;
      into[row] = sum / width;
    }
  }
}

/** Weights of a normal distribution at whole steps, adding up to 1. */
export function kernelOf(sigma: number): Float64Array {
  const half = sigma < 0.05 ? 0 : Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * half + 1 }, (_, i) =>
    sigma < 0.05 ? 1 : Math.exp(-((i - half) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

/** Blurs a picture of columns, in place, by the same kernel along both sides. */
export function blur(picture: Float32Array, columns: number, rows: number, kernel: Float64Array): void {
  if (kernel.length === 1) return;
  blurAlong(picture, columns, rows, kernel);
  blurAcross(picture, columns, rows, kernel);
}

function blurAlong(picture: Float32Array, columns: number, rows: number, kernel: Float64Array): void {
  const half = kernel.length >> 1;
  const line = new Float32Array(rows);
  for (let column = 0; column < columns; column++) {
    const at = column * rows;
    line.set(picture.subarray(at, at + rows));
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let k = -half; k <= half; k++)
        sum += (kernel[k + half] as number) * (line[Math.min(rows - 1, Math.max(0, row + k))] as number);
      picture[at + row] = sum;
    }
  }
}

function blurAcross(picture: Float32Array, columns: number, rows: number, kernel: Float64Array): void {
  const half = kernel.length >> 1;
  const source = picture.slice();
  picture.fill(0);
  for (let column = 0; column < columns; column++)
    for (let k = -half; k <= half; k++) {
      const weight = kernel[k + half] as number;
      const from = Math.min(columns - 1, Math.max(0, column + k)) * rows;
      const into = column * rows;
      for (let row = 0; row < rows; row++)
        picture[into + row] = (picture[into + row] as number) + weight * (source[from + row] as number);
    }
}
