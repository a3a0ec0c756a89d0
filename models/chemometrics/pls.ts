import { addScaled, dot, type Matrix, matrix, multiply, multiplyTransposed, rowOf, scale } from './matrix.ts';

/** A partial least squares model of centred data; row a of each matrix belongs to component a. */
export interface Pls {
  readonly components: number;
  /** Weights W, components x points, orthonormal rows. */
  readonly weights: Matrix;
  /** Loadings P, components x points. */
  readonly loadings: Matrix;
  /** R with T = X R, components x points: what makes scores of a spectrum that was not deflated. */
  readonly rotations: Matrix;
  /** Y-loadings Q, components x properties. */
  readonly yLoadings: Matrix;
  /** Scores T of the training spectra, components x samples. */
  readonly scores: Matrix;
  /** t't of each component. */
  readonly scoreSquares: Float64Array;
}

/** Dominant eigenvector of the small matrix S'S by iteration, where S is points x properties, given by columns. */
function dominantMix(columns: readonly Float64Array[]): Float64Array {
  const size = columns.length;
  const square = columns.map((a) => columns.map((b) => dot(a, b)));
  const largest = square.reduce(
    (best, row, i) => ((row[i] ?? 0) > (square[best]?.[best] ?? 0) ? i : best),
    0,
  );
  let mix = Float64Array.from(square[largest] ?? []);
  for (let step = 0; step < 5000; step++) {
    const next = Float64Array.from({ length: size }, (_, i) => dot(Float64Array.from(square[i] ?? []), mix));
    const norm = Math.sqrt(dot(next, next));
    if (norm === 0) return next;
    scale(next, 1 / norm);
    let change = 0;
    for (let i = 0; i < size; i++)
      change = Math.max(change, Math.abs((next[i] as number) - (mix[i] as number)));
    mix = next;
    if (change < 1e-15) break;
  }
  return mix;
}

/** The direction in spectra that goes most with what is left of the properties; undefined when nothing is left. */
function weightOf(covariances: readonly Float64Array[], floor: number): Float64Array | undefined {
  const weight = new Float64Array(covariances[0]?.length ?? 0);
  if (covariances.length === 1) weight.set(covariances[0] as Float64Array);
  else {
    const mix = dominantMix(covariances);
    for (const [k, column] of covariances.entries()) addScaled(weight, mix[k] as number, column);
  }
  const norm = Math.sqrt(dot(weight, weight));
  if (!(norm > floor)) return undefined;
  scale(weight, 1 / norm);
  return weight;
}

/**
 * Fits up to `most` components to centred spectra (samples x points) and centred properties (samples x properties),
 * fewer when nothing is left to explain. The kernel form of NIPALS (Dayal and MacGregor, J. Chemometrics 11 (1997)
 * 73, algorithm 1): only the covariance is deflated, so a component costs two passes over the spectra.
 */
export function fitPls(spectra: Matrix, properties: Matrix, most: number): Pls {
  const { rows: samples, columns: points } = spectra;
  const count = properties.columns;
  const column = (k: number) =>
    Float64Array.from({ length: samples }, (_, i) => properties.data[i * count + k] as number);
  const covariances = Array.from({ length: count }, (_, k) => multiplyTransposed(spectra, column(k)));
  const size = Math.sqrt(covariances.reduce((sum, c) => sum + dot(c, c), 0));
  const parts: Record<'weights' | 'loadings' | 'rotations' | 'yLoadings' | 'scores', Float64Array[]> = {
    weights: [],
    loadings: [],
    rotations: [],
    yLoadings: [],
    scores: [],
  };
  const squares: number[] = [];
  for (let a = 0; a < Math.min(most, samples - 1, points); a++) {
    const weight = weightOf(covariances, size * 1e-13);
    if (!weight) break;
    const rotation = weight.slice();
    for (const [b, loading] of parts.loadings.entries())
      addScaled(rotation, -dot(loading, weight), parts.rotations[b] as Float64Array);
    const score = multiply(spectra, rotation);
    const square = dot(score, score);
    if (!(square > 0)) break;
    const loading = multiplyTransposed(spectra, score);
    scale(loading, 1 / square);
    const yLoading = Float64Array.from(covariances, (c) => dot(rotation, c) / square);
    for (const [k, c] of covariances.entries()) addScaled(c, -square * (yLoading[k] as number), loading);
    parts.weights.push(weight);
    parts.loadings.push(loading);
    parts.rotations.push(rotation);
    parts.yLoadings.push(yLoading);
    parts.scores.push(score);
    squares.push(square);
  }
  const stack = (rows: readonly Float64Array[], columns: number): Matrix => {
    const made = matrix(rows.length, columns);
    for (const [i, row] of rows.entries()) made.data.set(row, i * columns);
    return made;
  };
  return {
    components: squares.length,
    weights: stack(parts.weights, points),
    loadings: stack(parts.loadings, points),
    rotations: stack(parts.rotations, points),
    yLoadings: stack(parts.yLoadings, count),
    scores: stack(parts.scores, samples),
    scoreSquares: Float64Array.from(squares),
  };
}

/** Regression coefficients of property k with the first `components`: one value a point. */
export function coefficients(model: Pls, components = model.components, k = 0): Float64Array {
  const sum = new Float64Array(model.rotations.columns);
  for (let a = 0; a < Math.min(components, model.components); a++)
    addScaled(
      sum,
      model.yLoadings.data[a * model.yLoadings.columns + k] as number,
      rowOf(model.rotations, a),
    );
  return sum;
}
