import type { Calibration } from '#models/chemometrics/calibrate';
import type { Matrix } from '#models/chemometrics/matrix';
import { shortened } from '../picture-file.ts';

/** At so many places along the axis at most: more than a screen has pixels is of no use. */
const mostPoints = 1200;

const every = (values: ArrayLike<number>): number[] => {
  const step = Math.ceil(values.length / mostPoints);
  return shortened(Array.from(values).filter((_, i) => i % step === 0));
};

/** A quantile of a column. */
const quantiles = ({ rows, columns, data }: Matrix, share: number): Float64Array =>
  Float64Array.from({ length: columns }, (_, column) => {
    const values = Float64Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);
    return values.sort()[Math.round(share * (rows - 1))] as number;
  });

/** Spectra as a band, coefficients with their errors, and each value beside its prediction in cross-validation. */
export const calibrationPicture = (
  { axis, coefficients, coefficientSigmas, predicted, suspects, tried }: Calibration,
  spectra: Matrix,
  values: Float64Array,
): object => ({
  axis: every(axis),
  low: every(quantiles(spectra, 0.05)),
  middle: every(quantiles(spectra, 0.5)),
  high: every(quantiles(spectra, 0.95)),
  coefficients: every(coefficients),
  coefficientSigmas: every(coefficientSigmas),
  measured: shortened(values),
  predicted: shortened(predicted),
  suspects,
  tried,
});
