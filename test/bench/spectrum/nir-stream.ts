import type { SpectrumMessage } from '#flows/spectral-calibration';
import { calibrate } from '#models/chemometrics/calibrate';
import { StreamCalibration } from '#models/chemometrics/in-stream';
import { rowOf } from '#models/chemometrics/matrix';
import type { Row } from '../bench.ts';
import { cpuMicrosOf } from './cpu.ts';
import { nirComponents, nirPoints, nirSamples, oxides } from './nir-data.ts';

const runs = 21;

/**
 * A laboratory's calibration of one property, from a message of a stream to value, interval, T2 and Q, with axis and flatness looked at: on its own
 * axis, and on one that is resampled. Microseconds of processor time, median.
 */
export function nirStreamRows(): Row[] {
  const { spectra, values } = nirSamples(240);
  const axis = Float64Array.from({ length: nirPoints }, (_, i) => 1000 + 2 * i);
  const one = Float64Array.from({ length: spectra.rows }, (_, row) => values.data[row * oxides] as number);
  const preprocessing = {
    absorbance: false,
    snv: true,
    savitzkyGolay: { window: 15, order: 2, derivative: 1 },
  };
  const made = calibrate('Fe', axis, spectra, one, {
    components: nirComponents,
    candidates: [preprocessing],
  });
  const about = { id: 'pls-fe', version: '1.0.0', validation: 'laboratory' as const, outputs: [] };
  const calibration = new StreamCalibration(about, false, made);
  const messages = (start: number): SpectrumMessage[] =>
    Array.from({ length: spectra.rows }, (_, row) => ({
      kind: 'spectrum',
      quality: 'good',
      attributes: {},
      technique: 'nir',
      axis: { unit: 'nm', start, step: 2 },
      values: Array.from(rowOf(spectra, row)),
    }));
  const median = (given: readonly SpectrumMessage[]): number => {
    const times = Array.from({ length: runs }, () =>
      cpuMicrosOf(given, 2000, (message) => calibration.predict(message)),
    );
    return times.sort((a, b) => a - b)[runs >> 1] as number;
  };
  const row = (name: string, value: number): Row => ({
    ...{ name, unit: 'us', value, reference: 10, ratio: 10 / value },
    detail: { points: nirPoints, components: nirComponents, preprocessing: 'snv+sg(15,2,1)' },
  });
  return [
    row('info.spectrum.nir.stream', median(messages(1000))),
    row('info.spectrum.nir.stream.resampled', median(messages(999.5))),
  ];
}
