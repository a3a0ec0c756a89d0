/** A dense matrix, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export const matrix = (rows: number, columns: number, data = new Float64Array(rows * columns)): Matrix => ({
  rows,
  columns,
  data,
});

/** A matrix of rows that all have the same length. */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const made = matrix(rows.length, rows[0]?.length ?? 0);
  for (const [i, row] of rows.entries()) made.data.set(row, i * made.columns);
  return made;
}

/** Row i, not a copy. */
export const rowOf = ({ data, columns }: Matrix, i: number): Float64Array =>
  data.subarray(i * columns, (i + 1) * columns);

/** The rows at these places, in this order. */
export const pickRows = (from: Matrix, places: readonly number[]): Matrix =>
  matrixOf(places.map((place) => rowOf(from, place)));

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** y += factor x. */
export function addScaled(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = (y[i] as number) + factor * (x[i] as number);
}

export function scale(x: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) * factor;
}

/** A x, one value a row. */
export function multiply(a: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, i) => dot(rowOf(a, i), x));
}

/** Transposed A times x, one value a column. */
export function multiplyTransposed(a: Matrix, x: Float64Array): Float64Array {
  const sum = new Float64Array(a.columns);
  for (let i = 0; i < a.rows; i++) addScaled(sum, x[i] as number, rowOf(a, i));
  return sum;
}

/** Mean of each column. */
export function columnMeans(a: Matrix): Float64Array {
  const means = new Float64Array(a.columns);
  for (let i = 0; i < a.rows; i++) addScaled(means, 1 / a.rows, rowOf(a, i));
  return means;
}

/** A copy with `means` taken from each row. */
export function centred(a: Matrix, means: Float64Array): Matrix {
  const made = matrix(a.rows, a.columns, a.data.slice());
  for (let i = 0; i < a.rows; i++) addScaled(rowOf(made, i), -1, means);
  return made;
}
