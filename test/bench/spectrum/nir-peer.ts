import { PLS } from 'ml-pls';
import { type Matrix, rowOf } from '#models/chemometrics/matrix';
import { type SavitzkyGolaySettings, savitzkyGolayWeights } from '#models/chemometrics/savitzky-golay';
import type { SpectralModel } from '#models/chemometrics/spectral-model';

const rowsOf = (from: Matrix): number[][] =>
  Array.from({ length: from.rows }, (_, i) => Array.from(rowOf(from, i)));

/** A preprocessing as people write it: a step at a time, an array for each. */
function prepared(spectrum: readonly number[], weights: readonly number[]): number[] {
  const mean = spectrum.reduce((sum, value) => sum + value, 0) / spectrum.length;
  const squares = spectrum.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (spectrum.length - 1));
  const scaled = spectrum.map((value) => (value - mean) / deviation);
  const half = (weights.length - 1) / 2;
  const filtered = new Array<number>(scaled.length).fill(0);
  for (let i = half; i < scaled.length - half; i++) {
    let sum = 0;
    for (let j = 0; j < weights.length; j++) sum += (weights[j] as number) * (scaled[i - half + j] as number);
    filtered[i] = sum;
  }
  return filtered;
}

/** What a user of ml-pls has: its `predict` for the composition, plain loops for all that it does not do. */
export function nirPeer(
  spectra: Matrix,
  values: Matrix,
  model: SpectralModel,
  filter: SavitzkyGolaySettings,
) {
  const weights = Array.from(savitzkyGolayWeights(filter));
  const raw = rowsOf(spectra);
  const pls = new PLS({ latentVectors: model.components, tolerance: 1e-9 }, {});
  const training = raw.map((spectrum) => prepared(spectrum, weights));
  // Ends that the plain filter leaves at zero would be scaled by zero.
  const half = (weights.length - 1) / 2;
  const inner = training.map((row) => row.slice(half, row.length - half));
  pls.train(
    inner.map((row) => [...row]),
    rowsOf(values),
  );
  const direction = (from: Matrix) => rowsOf(from).map((row) => row.slice(half, row.length - half));
  const [weightRows, loadingRows] = [direction(model.weights), direction(model.loadings)];
  const mean = Array.from(model.meanSpectrum).slice(half, model.points - half);
  const variances = Array.from(model.scoreVariances);

  /** Residual and T2 component by component. */
  const outlying = (spectrum: readonly number[]) => {
    const rest = spectrum.map((value, i) => value - (mean[i] as number));
    let t2 = 0;
    for (const [a, weight] of weightRows.entries()) {
      let score = 0;
      for (let i = 0; i < rest.length; i++) score += (rest[i] as number) * (weight[i] as number);
      const loading = loadingRows[a] as number[];
      for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - score * (loading[i] as number);
      t2 += (score * score) / (variances[a] as number);
    }
    let q = 0;
    for (const value of rest) q += value * value;
    return { t2, q };
  };
  return {
    /** Preprocessing, composition, T2 and Q of one spectrum. */
    whole(spectrum: readonly number[]) {
      const row = prepared(spectrum, weights).slice(half, spectrum.length - half);
      const { t2, q } = outlying(row);
      // It scales the rows that it is given in place.
      return { values: pls.predict([[...row]]).getRow(0), t2, q };
    },
    /** `predict` alone, on a spectrum that is preprocessed already. */
    predictOnly: (row: readonly number[]) => pls.predict([[...row]]).getRow(0),
    preparedRow: (spectrum: readonly number[]) =>
      prepared(spectrum, weights).slice(half, spectrum.length - half),
  };
}
