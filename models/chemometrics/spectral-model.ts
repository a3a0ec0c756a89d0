import { chiSquaredQuantile, fisherQuantile } from './distributions.ts';
import { addScaled, centred, columnMeans, dot, type Matrix, matrix, rowOf } from './matrix.ts';
import { fitPls, type Pls } from './pls.ts';
import { type Preprocessing, Preprocessor } from './preprocess.ts';

/** A fitted calibration: all that a prediction needs, as numbers. Matrices are row-major, a row a component. */
export interface SpectralModel {
  readonly preprocessing: Preprocessing;
  readonly points: number;
  /** Spectra that it was fitted on. */
  readonly samples: number;
  readonly components: number;
  /** Mean preprocessed spectrum. */
  readonly meanSpectrum: Float64Array;
  /** Mean of each property. */
  readonly meanValues: Float64Array;
  readonly weights: Matrix;
  readonly loadings: Matrix;
  readonly yLoadings: Matrix;
  /** Variance of the training scores by component: T2 is measured in it. */
  readonly scoreVariances: Float64Array;
}

/** All spectra preprocessed, in a matrix of their own. */
export function preprocessAll(spectra: Matrix, what: Preprocessing): Matrix {
  const made = matrix(spectra.rows, spectra.columns);
  const preprocessor = new Preprocessor(what, spectra.columns);
  for (let i = 0; i < spectra.rows; i++) preprocessor.apply(rowOf(spectra, i), rowOf(made, i));
  return made;
}

export function modelOf(
  pls: Pls,
  preprocessing: Preprocessing,
  meanSpectrum: Float64Array,
  meanValues: Float64Array,
): SpectralModel {
  const { components, weights, loadings, yLoadings, scores } = pls;
  return {
    preprocessing,
    points: meanSpectrum.length,
    samples: scores.columns,
    components,
    meanSpectrum,
    meanValues,
    weights,
    loadings,
    yLoadings,
    scoreVariances: pls.scoreSquares.map((square) => square / (scores.columns - 1)),
  };
}

/** Fits spectra (samples x points, raw) to values (samples x properties). */
export function fitModel(
  spectra: Matrix,
  values: Matrix,
  preprocessing: Preprocessing,
  components: number,
): SpectralModel {
  const prepared = preprocessAll(spectra, preprocessing);
  const meanSpectrum = columnMeans(prepared);
  const meanValues = columnMeans(values);
  const pls = fitPls(centred(prepared, meanSpectrum), centred(values, meanValues), components);
  return modelOf(pls, preprocessing, meanSpectrum, meanValues);
}

/** What is found of one spectrum. */
export interface Found {
  readonly values: Float64Array;
  /** Hotelling's T2: how far out in the plane of the model. */
  t2: number;
  /** Squared residual of the preprocessed spectrum: how far off the plane. */
  q: number;
}

/**
 * The textbook way, a step at a time: preprocess, centre, deflate component by component. It is what the folded engine
 * is held against, and nothing runs it in a stream.
 */
export function predictPlainly(model: SpectralModel, spectrum: Float64Array): Found {
  const rest = new Float64Array(model.points);
  new Preprocessor(model.preprocessing, model.points).apply(spectrum, rest);
  addScaled(rest, -1, model.meanSpectrum);
  const values = model.meanValues.slice();
  let t2 = 0;
  for (let a = 0; a < model.components; a++) {
    const score = dot(rowOf(model.weights, a), rest);
    addScaled(values, score, rowOf(model.yLoadings, a));
    addScaled(rest, -score, rowOf(model.loadings, a));
    t2 += (score * score) / (model.scoreVariances[a] as number);
  }
  return { values, t2, q: dot(rest, rest) };
}

/** Of each limit, on T2 and on Q: so many spectra of the same kind lie inside, and 99 % inside of both. */
export const limitConfidence = 0.995;

/** T2 that so few new spectra of the same kind exceed, where those of the calibration are drawn one by one: rows of one lot are not. */
export function t2Limit({ components: a, samples: n }: SpectralModel, confidence: number): number {
  if (n <= a + 1) return Number.POSITIVE_INFINITY;
  return ((a * (n * n - 1)) / (n * (n - a))) * fisherQuantile(confidence, a, n - a);
}

/**
 * Limit of Q, or of T2, from those of spectra that the model had not seen: a chi squared with their mean and variance (Box
 * 1954; Nomikos and MacGregor, Technometrics 37 (1995) 41).
 */
export function qLimit(residuals: Float64Array, confidence: number): number {
  const count = residuals.length;
  const mean = residuals.reduce((sum, q) => sum + q, 0) / count;
  const variance = residuals.reduce((sum, q) => sum + (q - mean) ** 2, 0) / Math.max(1, count - 1);
  if (!(mean > 0) || !(variance > 0)) return mean;
  const weight = variance / (2 * mean);
  return weight * chiSquaredQuantile(confidence, mean / weight);
}
