import { aligned, piecewise, standardised } from './align.ts';
import type { StoredCalibration, Transfer } from './calibration-file.ts';
import { chiSquaredQuantile } from './distributions.ts';
import { NirEngine } from './engine.ts';
import { faults } from './faults.ts';
import { dot, type Matrix, pickRows, rowOf } from './matrix.ts';
import { Predictor } from './predictor.ts';
import { limitConfidence, qLimit } from './spectral-model.ts';
import { composed, interpolation, type Standardisation } from './standardise.ts';
import type { SpectraTable } from './tables.ts';

/** One way to take in another instrument: what is done to spectra, and whether predictions are then corrected. */
interface Method {
  readonly name: string;
  readonly spectra: 'none' | 'align' | 'piecewise';
  readonly window?: number;
  readonly values: 'none' | 'bias' | 'slope';
  /** Samples below which it is not tried. */
  readonly least: number;
}

/** From few numbers to many. */
const methods: readonly Method[] = [
  { name: 'none', spectra: 'none', values: 'none', least: 1 },
  { name: 'bias', spectra: 'none', values: 'bias', least: 2 },
  { name: 'alignment', spectra: 'align', values: 'none', least: 1 },
  { name: 'alignment+bias', spectra: 'align', values: 'bias', least: 3 },
  { name: 'alignment+slope-bias', spectra: 'align', values: 'slope', least: 4 },
  { name: 'slope-bias', spectra: 'none', values: 'slope', least: 4 },
  { name: 'alignment+pds(3)', spectra: 'piecewise', window: 3, values: 'none', least: 4 },
  { name: 'alignment+pds(7)', spectra: 'piecewise', window: 7, values: 'none', least: 4 },
  { name: 'alignment+pds(7)+bias', spectra: 'piecewise', window: 7, values: 'bias', least: 5 },
];

export interface TransferResult {
  readonly calibration: StoredCalibration;
  readonly method: string;
  /** Root mean square difference to the primary's predictions: untouched, and by the method on samples left out. */
  readonly rmsBefore: number;
  readonly rmsAfter: number;
  readonly tried: readonly { readonly method: string; readonly rms: number }[];
}

interface Instruments {
  readonly engine: NirEngine;
  readonly calibration: StoredCalibration;
  readonly primary: Matrix;
  readonly secondary: Matrix;
  readonly secondaryAxis: Float64Array;
  /** Of these samples; found once for all methods that begin with it. */
  readonly alignment: () => Standardisation;
}

function instrumentsOf(
  engine: NirEngine,
  calibration: StoredCalibration,
  primary: Matrix,
  secondary: Matrix,
  secondaryAxis: Float64Array,
): Instruments {
  let found: Standardisation | undefined;
  const alignment = () => {
    found ??= aligned(primary, secondary, calibration.axis, secondaryAxis);
    return found;
  };
  return { engine, calibration, primary, secondary, secondaryAxis, alignment };
}

function spectraPart(instruments: Instruments, { spectra, window }: Method): Standardisation {
  const { calibration, primary, secondary, secondaryAxis } = instruments;
  if (spectra === 'none') return interpolation(secondaryAxis, calibration.axis);
  const alignment = instruments.alignment();
  if (spectra === 'align') return alignment;
  return composed(piecewise(primary, standardised(alignment, secondary), window ?? 3), alignment);
}

const predictAll = (predictor: Predictor, spectra: Matrix): Float64Array =>
  Float64Array.from({ length: spectra.rows }, (_, i) => predictor.predict(rowOf(spectra, i)).value);

/** A straight line from x to y; of slope 1 where only the bias is wanted, or where the x hardly differ. */
function line(x: Float64Array, y: Float64Array, values: Method['values']): { slope: number; bias: number } {
  if (values === 'none') return { slope: 1, bias: 0 };
  const mean = (of: Float64Array) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const offsets = x.map((value) => value - meanX);
  const spread = dot(offsets, offsets);
  const slope = values === 'slope' && spread > 0 ? dot(offsets, y) / spread : 1;
  return { slope, bias: meanY - slope * meanX };
}

function learned(instruments: Instruments, method: Method): Transfer {
  const { engine, calibration, primary, secondary, secondaryAxis } = instruments;
  const standardisation: Standardisation = spectraPart(instruments, method);
  const base = { method: method.name, samples: primary.rows, axis: secondaryAxis, standardisation };
  const raw = new Predictor({ ...calibration, transfer: { ...base, slope: 1, bias: 0 } }, engine);
  const wanted = predictAll(new Predictor({ ...calibration, transfer: undefined }, engine), primary);
  return { ...base, ...line(predictAll(raw, secondary), wanted, method.values) };
}

/** Of samples left out in turn: differences to the primary's prediction, and Q. */
interface LeftOut {
  readonly differences: Float64Array;
  readonly squares: Float64Array;
}

/**
 * By method, the difference of each sample to the primary's prediction by what the other samples say; of fewer than three
 * samples by themselves.
 */
function leftOut(instruments: Instruments, tried: readonly Method[]): LeftOut[] {
  const { engine, calibration, primary, secondary, secondaryAxis } = instruments;
  const places = Array.from({ length: primary.rows }, (_, i) => i);
  const wanted = predictAll(new Predictor({ ...calibration, transfer: undefined }, engine), primary);
  const found = tried.map(() => ({
    differences: new Float64Array(places.length),
    squares: new Float64Array(places.length),
  }));
  for (const left of places) {
    const kept = places.filter((place) => place !== left);
    const [a, c] = [pickRows(primary, kept), pickRows(secondary, kept)];
    const rest = places.length < 3 ? instruments : instrumentsOf(engine, calibration, a, c, secondaryAxis);
    for (const [m, method] of tried.entries()) {
      const predictor = new Predictor({ ...calibration, transfer: learned(rest, method) }, engine);
      const { value, q } = predictor.predict(rowOf(secondary, left));
      const { differences, squares } = found[m] as LeftOut;
      differences[left] = value - (wanted[left] as number);
      squares[left] = q;
    }
  }
  return found;
}

/** Variance of a prediction that the noise of a spectrum alone makes, told by the residuals of the primary's spectra. */
function noiseVariance({ engine, calibration, primary }: Instruments): number {
  const { model, coefficients } = calibration;
  const predictor = new Predictor({ ...calibration, transfer: undefined }, engine);
  let sum = 0;
  for (let i = 0; i < primary.rows; i++) sum += predictor.predict(rowOf(primary, i)).q;
  const perPoint = sum / primary.rows / Math.max(1, model.points - model.components);
  return perPoint * dot(coefficients, coefficients);
}

/**
 * What a transfer adds to the variance of a prediction. Both predictions have the noise of their spectrum; what is beyond
 * that is the transfer's own, at the careful end of what so few samples say, and no less than the noise in its offset.
 */
function transferVariance(rms: number, noise: number, samples: number): number {
  const careful = (rms * rms * samples) / chiSquaredQuantile(0.25, samples);
  return Math.max((2 * noise) / samples, careful - 2 * noise);
}

/**
 * Takes in another instrument by spectra of the same samples, row by row, on both. The method with the least error on
 * samples that it had not seen is kept. Throws `calibration.rows`, `.few`, and `.bundle` for one transferred already.
 */
export function transferCalibration(
  calibration: StoredCalibration,
  primary: Matrix,
  secondary: SpectraTable,
): TransferResult {
  const [spectra, values] = [primary.rows, secondary.spectra.rows];
  if (calibration.transfer)
    throw faults.fault('calibration.bundle', {
      detail: 'it was transferred before: begin with the first one',
    });
  if (spectra !== values) throw faults.fault('calibration.rows', { spectra, values });
  const engine = new NirEngine(calibration.model);
  const instruments = instrumentsOf(engine, calibration, primary, secondary.spectra, secondary.axis);
  const rms = (of: Float64Array) => Math.sqrt(dot(of, of) / of.length);
  const possible = methods.filter(({ least }) => spectra >= least);
  const tried = leftOut(instruments, possible).map(({ differences, squares }, m) => ({
    method: possible[m] as Method,
    rms: rms(differences),
    squares,
  }));
  const errors = tried.map((one) => one.rms);
  // So far an error of so few samples is itself uncertain: within that, the method with the fewest numbers is taken.
  const worth = 1 / Math.sqrt(2 * spectra);
  const best = Math.min(...errors);
  const chosen = tried.find((one) => one.rms <= (1 + worth) * best);
  if (!chosen) throw faults.fault('calibration.few', { samples: spectra, least: 1 });
  const own = transferVariance(chosen.rms, noiseVariance(instruments), spectra);
  return {
    calibration: {
      ...calibration,
      // What the other instrument has of its own in every spectrum is no sign that a spectrum is strange.
      qLimit: Math.max(calibration.qLimit, qLimit(chosen.squares, limitConfidence)),
      uncertainty: { ...calibration.uncertainty, transferSigma: Math.sqrt(own) },
      transfer: learned(instruments, chosen.method),
    },
    method: chosen.method.name,
    rmsBefore: tried[0]?.rms ?? Number.NaN,
    rmsAfter: chosen.rms,
    tried: tried.map((one) => ({ method: one.method.name, rms: one.rms })),
  };
}
