import type { Tensors } from '../runner/tensor.ts';
import { faults } from './faults.ts';
import type { Prediction, Predictor } from './predictor.ts';

const outputs: readonly (keyof Prediction)[] = ['value', 'lower', 'upper', 't2', 'q'];

/** Spectra of a tensor [batch, points] into one tensor [batch, 1] for each figure. Throws `calibration.bundle`. */
export function runCalibration(predictor: Predictor, feeds: Tensors): Tensors {
  const { data, dims } = feeds.spectrum ?? { data: new Float64Array(), dims: [0, 0] };
  const [batch = 0, points] = dims;
  if (points !== predictor.points || !(data instanceof Float64Array)) {
    const detail = `it takes ${predictor.points} points of float64, not ${dims.join('x')}`;
    throw faults.fault('calibration.bundle', { detail });
  }
  const found = Array.from({ length: batch }, (_, i) =>
    predictor.predict(data.slice(i * predictor.points, (i + 1) * predictor.points)),
  );
  return Object.fromEntries(
    outputs.map((name) => [name, { data: Float64Array.from(found, (one) => one[name]), dims: [batch, 1] }]),
  );
}
