import { matrixOf } from '../../chemometrics/matrix.ts';
import { coefficients, fitPls } from '../../chemometrics/pls.ts';
import { analytes } from '../analytes.ts';
import { Moments } from '../covariance.ts';
import { spectralFeatures } from '../features.ts';
import { packed } from '../packed.ts';
import type { Calibration } from './fit-errors.ts';
import type { Row } from './rows.ts';

/** Components that are tried. */
const tried = [6, 10, 14, 18, 24, 30, 38];

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/** Partial least squares of all analytes, each with the components that do best on lots of other instruments. */
export function fitRegression(rows: readonly Row[], held: readonly Row[]): Calibration {
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
      return { components, slopes, square: errors.reduce((all, e) => all + e * e, 0) };
    });
    return candidates.reduce((best, one) => (one.square < best.square * 0.995 ? one : best));
  });
  const short = (value: number) => Number(value.toPrecision(5));
  return {
    mean: packed(mean),
    values: centre.map(short),
    slopes: packed(chosen.flatMap(({ slopes }) => slopes)),
    components: chosen.map(({ components }) => components),
  };
}
