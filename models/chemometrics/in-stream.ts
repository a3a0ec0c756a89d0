import { readFileSync } from 'node:fs';
import { Fault } from '#flows/fault';
import { Refusal } from '#flows/process';
import type { SpectralCalibration, SpectralPrediction, SpectrumMessage } from '#flows/spectral-calibration';
import type { LoadedBundle } from '../bundle/load.ts';
import type { BundleManifest } from '../bundle/schema.ts';
import { inputAxis, readCalibration, type StoredCalibration } from './calibration-file.ts';
import { faults } from './faults.ts';
import { errorsOfLot } from './interval.ts';
import { Predictor } from './predictor.ts';
import { relief } from './relief.ts';
import { resampling } from './resample.ts';
import { composed, type Standardisation, standardise } from './standardise.ts';
import { instrumentOf, unitOf } from './technique.ts';

/** A spectrum this much flatter than the flattest of the calibration has nothing of its material in it. */
const flatter = 3;
/** Axes that are remembered: one an instrument, and those before a change of its setting. */
const mostAxes = 16;

/** What is said of it beside its numbers. */
type About = Pick<BundleManifest, 'id' | 'version' | 'validation' | 'outputs' | 'parameters'>;

/** What brings spectra of an instrument to the axis of the model, in one step. */
interface Reader {
  readonly axis: SpectrumMessage['axis'];
  readonly points: number;
  readonly by: Standardisation | undefined;
  /** Place for the values of a spectrum. */
  readonly given: Float64Array;
}

const sameAxis = (a: SpectrumMessage['axis'], b: SpectrumMessage['axis']): boolean => {
  if (a === b) return true;
  if (a.unit !== b.unit) return false;
  if ('values' in a)
    return (
      'values' in b && a.values.length === b.values.length && a.values.every((at, i) => at === b.values[i])
    );
  return 'start' in b && a.start === b.start && a.step === b.step;
};

const refusalOf = (code: Parameters<typeof faults.problem>[0], fields: Record<string, string | number>) =>
  new Refusal(code, faults.problem(code, fields).message);

/** Places of the points, in the unit of the calibration. Throws a Refusal for what is no axis. */
function placesOf({ axis, values }: SpectrumMessage): Float64Array {
  const places =
    'values' in axis
      ? Float64Array.from(axis.values)
      : Float64Array.from(values, (_, i) => axis.start + i * axis.step);
  if (places.length !== values.length)
    throw refusalOf('spectrum.axis', {
      detail: `it has ${places.length} places for ${values.length} values`,
    });
  if (places.length < 3 || !places.every((at, i) => i === 0 || at > (places[i - 1] as number)))
    throw refusalOf('spectrum.axis', { detail: 'it does not rise from point to point' });
  return places;
}

/**
 * A calibration for messages of a stream: axis, technique and flatness are looked at, then the spectrum is brought to the axis of the model
 * (interpolation and the transfer of another instrument are one matrix) and predicted by the folded engine.
 */
export class StreamCalibration implements SpectralCalibration {
  readonly id: string;
  readonly version: string;
  readonly signed: boolean;
  readonly simulated: boolean;
  readonly target: string;
  readonly unit: string;
  readonly technique: SpectrumMessage['technique'];
  readonly confidence: number;
  readonly t2Limit: number;
  readonly qLimit: number;
  readonly #axisUnit: string;
  readonly #calibration: StoredCalibration;
  readonly #predictor: Predictor;
  readonly #errors: ReturnType<typeof errorsOfLot>;
  readonly #own: Float64Array;
  readonly #readers: Reader[] = [];

  /** Of a bundle that was checked. Throws `calibration.bundle` for what is no calibration. */
  static of({
    manifest,
    signed,
    file,
  }: Pick<LoadedBundle, 'manifest' | 'signed' | 'file'>): StreamCalibration {
    const at = file(manifest.model);
    return new StreamCalibration(manifest, signed, readCalibration(readFileSync(at, 'utf8'), at));
  }

  constructor(manifest: About, signed: boolean, calibration: StoredCalibration) {
    const { technique, axisUnit } = instrumentOf(manifest);
    this.id = manifest.id;
    this.version = manifest.version;
    this.signed = signed;
    this.simulated = manifest.validation === 'simulated';
    this.target = calibration.target;
    this.unit = unitOf(manifest);
    this.technique = technique;
    this.confidence = calibration.uncertainty.confidence;
    this.t2Limit = calibration.t2Limit;
    this.qLimit = calibration.qLimit;
    this.#axisUnit = axisUnit;
    this.#calibration = calibration;
    this.#predictor = new Predictor(calibration);
    this.#errors = errorsOfLot(calibration.uncertainty);
    this.#own = new Float64Array(calibration.model.points);
  }

  predict(spectrum: SpectrumMessage): SpectralPrediction {
    const { leastRelief, range } = this.#calibration;
    const { by, given } = this.#readerOf(spectrum);
    given.set(spectrum.values);
    if (by) standardise(by, given, this.#own);
    const own = by ? this.#own : given;
    // Written so that what is no number is flat too.
    const spread = relief(own);
    if (!(spread > 0 && spread >= (leastRelief ?? 0) / flatter)) throw refusalOf('spectrum.flat', {});
    const { value, lower, upper, t2, q } = this.#predictor.predictOwn(own);
    const outside = [
      ...(q <= this.qLimit ? [] : (['q'] as const)),
      ...(upper >= range[0] && lower <= range[1] ? [] : (['range'] as const)),
      ...(t2 <= this.t2Limit ? [] : (['t2'] as const)),
    ];
    return { value, lower, upper, t2, q, outside, ...this.#errors(t2) };
  }

  /** Throws a Refusal for a technique or an axis that the calibration is not for. */
  #readerOf(spectrum: SpectrumMessage): Reader {
    const { axis, technique, values } = spectrum;
    const known = this.#readers.find((one) => one.points === values.length && sameAxis(one.axis, axis));
    if (known && technique === this.technique) return known;
    if (technique !== this.technique || axis.unit !== this.#axisUnit)
      throw refusalOf('spectrum.technique', {
        technique,
        unit: axis.unit,
        id: this.id,
        wanted: this.technique,
        wantedUnit: this.#axisUnit,
      });
    const by = this.#bringing(placesOf(spectrum));
    const made = { axis, points: values.length, by, given: new Float64Array(values.length) };
    if (this.#readers.length >= mostAxes) this.#readers.shift();
    this.#readers.push(made);
    return made;
  }

  #bringing(places: Float64Array): Standardisation | undefined {
    try {
      const resampled = resampling(places, inputAxis(this.#calibration));
      const standard = this.#calibration.transfer?.standardisation;
      return resampled && standard ? composed(standard, resampled) : (standard ?? resampled);
    } catch (error) {
      if (error instanceof Fault) throw new Refusal(error.problem.code, error.problem.message);
      throw error;
    }
  }
}
