import { Refusal } from '#flows/process';
import type { SpectralCalibration } from '#flows/spectral-calibration';

/** A calibration whose value is the first point of a spectrum and whose Q is the second: for tests of what is around it. */
export const plainCalibration = (more: Partial<SpectralCalibration> = {}): SpectralCalibration => ({
  id: 'pls-fe',
  version: '1.0.0',
  signed: true,
  simulated: false,
  target: 'Fe',
  unit: '%',
  technique: 'nir',
  confidence: 0.95,
  t2Limit: 10,
  qLimit: 0.5,
  predict({ values: [value = 0, q = 0] }) {
    if (value === 0) throw new Refusal('spectrum.flat', 'The spectrum is flat.');
    const outside = q > 0.5 ? (['q'] as const) : [];
    return { value, lower: value - 1, upper: value + 1, t2: 1, q, outside, sigma: 0.4, bias: 0.3 };
  },
  ...more,
});
