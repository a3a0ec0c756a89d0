import { NirEngine } from '#models/chemometrics/engine';
import { rowOf } from '#models/chemometrics/matrix';
import { fitModel } from '#models/chemometrics/spectral-model';
import type { Row } from '../bench.ts';
import { inPairs } from '../pairs.ts';
import { cpuMicrosOf } from './cpu.ts';
import { nirComponents, nirPoints, nirSamples, oxides } from './nir-data.ts';
import { nirPeer } from './nir-peer.ts';

const filter = { window: 15, order: 2, derivative: 1 };
const pairs = 41;

/** Composition, T2 and Q of one spectrum: folded, and with ml-pls and plain loops. Microseconds of processor time. */
export async function nirRows(signal: AbortSignal): Promise<Row[]> {
  const { spectra, values } = nirSamples(240);
  const model = fitModel(
    spectra,
    values,
    { absorbance: false, snv: true, savitzkyGolay: filter },
    nirComponents,
  );
  const peer = nirPeer(spectra, values, model, filter);
  const engine = new NirEngine(model);
  const found = engine.place();
  const typed = Array.from({ length: spectra.rows }, (_, i) => rowOf(spectra, i));
  const plain = typed.map((row) => Array.from(row));
  const prepared = plain.map(peer.preparedRow);
  const ours = () => cpuMicrosOf(typed, 2000, (row) => engine.predict(row, found));
  const detail = {
    points: nirPoints,
    oxides,
    components: nirComponents,
    preprocessing: 'snv+sg(15,2,1)',
    pairs,
  };
  const whole = await inPairs(ours, () => cpuMicrosOf(plain, 400, peer.whole), pairs, signal);
  const alone = await inPairs(ours, () => cpuMicrosOf(prepared, 400, peer.predictOnly), pairs, signal);
  // Less is better: the ratio is how many times as long the other takes.
  return [
    {
      name: 'spectrum.nir',
      unit: 'us',
      value: whole.value,
      reference: whole.reference,
      ratio: 1 / whole.ratio,
      detail,
    },
    {
      name: 'info.spectrum.nir.target',
      unit: 'us',
      value: whole.value,
      reference: 10,
      ratio: 10 / whole.value,
    },
    {
      name: 'info.spectrum.nir.predict',
      unit: 'us',
      value: alone.value,
      reference: alone.reference,
      ratio: 1 / alone.ratio,
      detail: { ours: 'everything', reference: 'ml-pls predict alone, of a spectrum preprocessed before' },
    },
  ];
}
