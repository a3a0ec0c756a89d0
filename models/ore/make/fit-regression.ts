import { matrixOf } from '../../chemometrics/matrix.ts';
import { coefficients, fitPls } from '../../chemometrics/pls.ts';
import { analytes } from '../analytes.ts';
import { Moments } from '../covariance.ts';
import { spectralFeatures } from '../features.ts';
import { packed } from '../packed.ts';
import type { Regression } from '../tables.ts';
import type { Row } from './rows.ts';

/** Components that are tried. */
const tried = [6, 10, 14, 18, 24, 30, 38];

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/**
 * Partial least squares of all analytes, each with the components that do best on lots of other instruments; and what they leave there: deviations of
 * windows from their lot's own error, and of lots.
 */
export function fitRegression(rows: readonly Row[], held: readonly Row[]): Regression {
  const moments = new Moments(spectralFeatures);
  for (const { features } of rows) moments.add(features);
  const mean = moments.mean();
  const covariance = moments.covariance();
  const scales = mean.map((_, i) => Math.sqrt(covariance[i * spectralFeatures + i] as number) + 1e-9);
  const centre = analytes.map(
    (_, k) => rows.reduce((sum, { truth }) => sum + (truth[k] as number), 0) / rows.length,
  );
  const spans = analytes.map((_, k) => deviation(rows.map(({ truth }) => truth[k] as number)) + 1e-9);
  const spectra = matrixOf(
    rows.map(({ features }) =>
      features.map((value, i) => (value - (mean[i] as number)) / (scales[i] as number)),
    ),
  );
  const chosen = analytes.map((_, k) => {
    const property = matrixOf(
      rows.map(({ truth }) => [((truth[k] as number) - (centre[k] as number)) / (spans[k] as number)]),
    );
    const model = fitPls(spectra, property, Math.max(...tried));
    const candidates = tried.map((components) => {
      const raw = coefficients(model, components);
      const slopes = Array.from(raw, (value, i) => (value * (spans[k] as number)) / (scales[i] as number));
      const errors = held.map(({ features, truth }) => {
        let sum = centre[k] as number;
        for (let i = 0; i < slopes.length; i++)
          sum += (slopes[i] as number) * ((features[i] as number) - (mean[i] as number));
        return sum - (truth[k] as number);
      });
      return { components, slopes, errors, square: errors.reduce((all, e) => all + e * e, 0) };
    });
    return candidates.reduce((best, one) => (one.square < best.square * 0.995 ? one : best));
  });
  const errors = chosen.map(({ errors }) => parts(held, errors));
  const short = (value: number) => Number(value.toPrecision(5));
  return {
    mean: packed(mean),
    values: centre.map(short),
    slopes: packed(chosen.flatMap(({ slopes }) => slopes)),
    components: chosen.map(({ components }) => components),
    sigma: errors.map(({ sigma }) => short(sigma)),
    bias: errors.map(({ bias }) => short(bias)),
  };
}

/** Deviation of errors within their lots, and of the lots' own, its mean error included. */
function parts(rows: readonly Row[], errors: readonly number[]): { sigma: number; bias: number } {
  const lots = new Map<number, number[]>();
  for (const [i, { lot }] of rows.entries()) lots.set(lot, [...(lots.get(lot) ?? []), errors[i] as number]);
  let [within, between] = [0, 0];
  for (const of of lots.values()) {
    const mean = of.reduce((sum, e) => sum + e, 0) / of.length;
    between += mean * mean;
    within += of.reduce((sum, e) => sum + (e - mean) ** 2, 0) / Math.max(1, of.length - 1);
  }
  return { sigma: Math.sqrt(within / lots.size), bias: Math.sqrt(between / lots.size) };
}
