import type { Measured, SpectrumMessage } from '#flows/ore/model';
import { Refusal } from '#flows/process';
import { interpolation, type Standardisation, standardise } from '../chemometrics/standardise.ts';
import { usualXrf } from '../physics/ore/xrf-instrument.ts';
import type { Response } from '../xrf/response.ts';
import {
  nirAxis,
  nirFeatures,
  nirFeaturesOf,
  reliefOf,
  spectralFeatures,
  xrfFeaturesOf,
} from './features.ts';
import type { WindowFeatures } from './judge.ts';
import { XrfReader } from './xrf-reader.ts';

/** What is kept of a spectrum until its increment closes: numbers by name, some dozens. */
export type Kept =
  | { readonly nir: readonly number[] }
  | {
      readonly areas: readonly number[];
      readonly compton: number;
      readonly elastic: number;
      readonly total: number;
      /** How long it was seen for. */
      readonly seconds?: number;
    };

const wanted = Float64Array.from({ length: nirAxis.points }, (_, i) => nirAxis.startNm + i * nirAxis.stepNm);
const short = (value: number): number => Number(value.toPrecision(6));

/** Axis of a spectrum as numbers; a regular one has the values of its points. */
function axisOf({ axis, values }: SpectrumMessage): Float64Array {
  const given = axis as { unit: string; start?: number; step?: number; values?: readonly number[] };
  if (given.values) return Float64Array.from(given.values);
  return Float64Array.from(values, (_, i) => (given.start ?? 0) + i * (given.step ?? 1));
}

/** Relief of a spectrum below which there is no ore in it, a third of the flattest brand's. */
const leastRelief = 0.03;

const refused = (detail: string) => new Refusal('ore.axis', detail);

/** Reads spectra of any axis that covers that of the models; readers and interpolations are kept by axis. */
export class SpectrumReader {
  readonly #readers = new Map<string, XrfReader>();
  readonly #axes = new Map<string, Standardisation>();

  read(message: SpectrumMessage): Kept {
    return message.technique === 'nir' ? this.#nir(message) : this.#xrf(message);
  }

  #nir(message: SpectrumMessage): Kept {
    const axis = axisOf(message);
    const [first, last] = [axis[0] ?? Number.NaN, axis.at(-1) ?? Number.NaN];
    if (
      !(
        first <= nirAxis.startNm + 1 &&
        last >= (wanted.at(-1) as number) - 1 &&
        axis.length === message.values.length
      )
    )
      throw refused(`The spectrum goes from ${first} to ${last} nm; the models look at 400 to 2440 nm.`);
    const key = `${axis.length} ${first} ${last}`;
    const by = this.#axes.get(key) ?? interpolation(axis, wanted);
    this.#axes.set(key, by);
    const reflectance = new Float64Array(nirAxis.points);
    standardise(by, Float64Array.from(message.values), reflectance);
    const features = new Float64Array(nirFeatures);
    nirFeaturesOf(reflectance, features, 0);
    if (!(reliefOf(features) >= leastRelief))
      throw new Refusal(
        'ore.spectrum',
        'The near-infrared spectrum is flat: something covers the window, or the lamp is out.',
      );
    return { nir: Array.from(features, short) };
  }

  #xrf(message: SpectrumMessage): Kept {
    const axis = axisOf(message);
    const [offsetKeV = Number.NaN, second = Number.NaN] = axis;
    const gainKeV = second - offsetKeV;
    if (!(gainKeV > 0 && offsetKeV + gainKeV * axis.length > 21 && axis.length >= 256))
      throw refused('The axis has to rise evenly in keV to 21 keV or more, in 256 channels or more.');
    const key = `${axis.length} ${offsetKeV} ${gainKeV}`;
    let reader = this.#readers.get(key);
    if (!reader) {
      const response: Response = { ...usualXrf.response, offsetKeV, gainKeV };
      reader = new XrfReader(response, axis.length);
      this.#readers.set(key, reader);
    }
    const found = reader.read(Float64Array.from(message.values));
    if (!found) throw new Refusal('ore.spectrum', 'The lines of the spectrum cannot be told apart.');
    const { areas, compton, elastic, total } = found;
    const { liveTimeS } = message;
    return {
      areas: Array.from(areas, short),
      compton,
      elastic,
      total,
      ...(liveTimeS === undefined ? {} : { seconds: liveTimeS }),
    };
  }
}

/** Features of each window that both spectrometers saw, in order. */
export function windowsOf(measured: readonly Measured[]): WindowFeatures[] {
  const byWindow = new Map<number, Kept[]>();
  for (const { place, result } of measured)
    byWindow.set(place.window, [...(byWindow.get(place.window) ?? []), result as Kept]);
  return [...byWindow]
    .sort(([a], [b]) => a - b)
    .flatMap(([window, kept]) => {
      const nir = kept.flatMap((one) => ('nir' in one ? [one.nir] : []));
      const xrf = kept.flatMap((one) => ('areas' in one ? [one] : []));
      if (nir.length === 0 || xrf.length === 0) return [];
      const features = new Float64Array(spectralFeatures);
      for (let k = 0; k < nirFeatures; k++)
        features[k] = nir.reduce((sum, one) => sum + (one[k] ?? 0) / nir.length, 0);
      const sum = (of: (one: (typeof xrf)[number]) => number) => xrf.reduce((all, one) => all + of(one), 0);
      const areas = Float64Array.from(xrf[0]?.areas ?? [], (_, k) => sum((one) => one.areas[k] ?? 0));
      const all = {
        areas,
        compton: sum((one) => one.compton),
        elastic: sum((one) => one.elastic),
        total: sum((one) => one.total),
      };
      xrfFeaturesOf(all, features, nirFeatures);
      const seconds = xrf.some((one) => one.seconds === undefined)
        ? undefined
        : sum((one) => one.seconds ?? 0);
      return [{ window, features, ...(seconds ? { seconds } : {}) }];
    });
}
