import { pileUpShape } from '../../xrf/pile-up.ts';
import { addPeak, energyAt, escapeKeV, escapeShare, type Response } from '../../xrf/response.ts';
import type { Composition, XrayAttenuation } from './attenuation.ts';
import { Fluorescence, type Path } from './fluorescence.ts';
import { tubeBeam } from './tube.ts';
import type { XrfInstrument } from './xrf-instrument.ts';

/** Scattered radiation of one line of the beam: as it came, and by an electron (Compton). */
export interface Scattered {
  readonly energyKeV: number;
  readonly elastic: number;
  readonly comptonKeV: number;
  readonly compton: number;
}

const electronKeV = 511;
/** Photons of the continuum stand for 1 keV of it each; those of a line are narrow. */
const continuumSigmaKeV = 0.55;
/** Electrons move: a Compton peak is so wide, as a share of its energy. */
const dopplerShare = 0.012;
/** Distance of the detector behind its collar, mm: what the count rate falls off from. */
const setBackMm = 15;

/** Energy after a Compton scattering by the angle between beam and detector. */
export const comptonOf = (energyKeV: number, angleDeg: number): number =>
  energyKeV / (1 + (energyKeV / electronKeV) * (1 - Math.cos((angleDeg * Math.PI) / 180)));

/** A broad peak of area 1, integrated by its middle; the detector's own width is added. */
export function addBroad(
  into: Float64Array,
  response: Response,
  energyKeV: number,
  sigmaKeV: number,
  area: number,
): void {
  const sigma = Math.hypot(sigmaKeV, 0.06);
  const reach = 5 * sigma;
  const norm = (area * response.gainKeV) / (sigma * Math.sqrt(2 * Math.PI));
  const first = Math.max(0, Math.floor((energyKeV - reach - response.offsetKeV) / response.gainKeV));
  for (let i = first; i < into.length; i++) {
    const x = (energyAt(response, i) - energyKeV) / sigma;
    if (x > 5) break;
    into[i] = (into[i] as number) + norm * Math.exp(-0.5 * x * x);
  }
}

/** Share of photons that the detector takes: through its beryllium, and stopped in its silicon. */
export function efficiency(
  { windowMm, siliconMm }: XrfInstrument,
  attenuation: XrayAttenuation,
  energyKeV: number,
): number {
  const beryllium = Math.exp(-attenuation.total({ Be: 1 }, energyKeV) * (windowMm / 10) * 1.848);
  return beryllium * -Math.expm1(-attenuation.of('Si', energyKeV, 'photoelectric') * (siliconMm / 10) * 2.33);
}

/** Width that scattered radiation has by itself, keV. */
export const scatterSigma = (continuum: boolean, comptonKeV: number | undefined): number =>
  Math.hypot(continuum ? continuumSigmaKeV : 0, comptonKeV === undefined ? 0 : dopplerShare * comptonKeV);

/** How much more or less arrives at a gap than at the instrument's own. */
export const gapFactor = ({ gapMm }: XrfInstrument, actualMm: number): number =>
  ((gapMm + setBackMm) / (actualMm + setBackMm)) ** 2;

/**
 * The spectrum of ore on the belt, as it is expected: Sherman's equation with secondary excitation, scattered tube radiation, water film
 * and air, detector with escape peaks and tail, pile-up of every pair of photons, dead time. Full and slow; XrfLibrary is checked against it.
 */
export class BeltXrf {
  readonly #instrument: XrfInstrument;
  readonly #attenuation: XrayAttenuation;
  readonly #fluorescence: Fluorescence;
  readonly #beam: ReturnType<typeof tubeBeam>;
  readonly #scale: number;

  constructor(instrument: XrfInstrument, attenuation: XrayAttenuation) {
    this.#instrument = instrument;
    this.#attenuation = attenuation;
    this.#fluorescence = new Fluorescence(attenuation);
    this.#beam = tubeBeam(instrument.tube, attenuation);
    const dry = { airMm: instrument.gapMm, waterFilmMm: 0 };
    const hematite = this.#arriving({ Fe: 0.6994, O: 0.3006 }, dry, 1);
    this.#scale = instrument.rate / hematite.reduce((sum, value) => sum + value, 0);
  }

  /** Counts by channel of so many seconds of real time. */
  expected(ore: Composition, path: Pick<Path, 'airMm' | 'waterFilmMm'>, seconds: number): Float64Array {
    const { response, resolvingS, deadS } = this.#instrument;
    const rates = this.#arriving(ore, path, this.#scale * gapFactor(this.#instrument, path.airMm));
    const rate = rates.reduce((sum, value) => sum + value, 0);
    const pairs = rate * rate * resolvingS;
    const shape = pileUpShape(rates, response.offsetKeV / response.gainKeV);
    const live = seconds / (1 + rate * deadS);
    return rates.map((value, i) => live * (value * (1 - (2 * pairs) / rate) + pairs * (shape[i] as number)));
  }

  scattered(ore: Composition): Scattered[] {
    const { takeOffDeg, incidentDeg } = this.#instrument.tube;
    const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
    const attenuation = this.#attenuation;
    const mixed = (energy: number, process: 'coherent' | 'incoherent') =>
      Object.entries(ore).reduce(
        (sum, [symbol, share]) => sum + share * attenuation.of(symbol, energy, process),
        0,
      );
    return this.#beam.lines.map(({ energyKeV, photons }) => {
      const comptonKeV = comptonOf(energyKeV, takeOffDeg + incidentDeg);
      const entering = attenuation.total(ore, energyKeV) / sine(incidentDeg);
      const leaving = (energy: number) => attenuation.total(ore, energy) / sine(takeOffDeg);
      return {
        energyKeV,
        elastic: (photons * mixed(energyKeV, 'coherent')) / (entering + leaving(energyKeV)),
        comptonKeV,
        compton: (photons * mixed(energyKeV, 'incoherent')) / (entering + leaving(comptonKeV)),
      };
    });
  }

  /** Photons a second that are counted one by one, by channel. */
  #arriving(ore: Composition, path: Pick<Path, 'airMm' | 'waterFilmMm'>, scale: number): Float64Array {
    const { response, channels, tube } = this.#instrument;
    const into = new Float64Array(channels);
    const way = { ...path, takeOffDeg: tube.takeOffDeg };
    const arriving = (energyKeV: number) =>
      scale *
      this.#fluorescence.transmission(way, energyKeV) *
      efficiency(this.#instrument, this.#attenuation, energyKeV);
    for (const { group, primary, secondary } of this.#fluorescence.emissions(ore, this.#beam)) {
      const rates = group.lines.reduce((sum, { rate }) => sum + rate, 0);
      for (const { energyKeV, rate } of group.lines) {
        const area = ((primary + secondary) * rate * arriving(energyKeV)) / rates;
        addPeak(into, 0, response, energyKeV, area);
        const escaped = response.escapeScale * escapeShare(energyKeV);
        if (escaped > 0) addPeak(into, 0, response, energyKeV - escapeKeV, area * escaped);
      }
    }
    const scattered = this.scattered(ore);
    for (const [place, { energyKeV, elastic, comptonKeV, compton }] of scattered.entries()) {
      const continuum = place < this.#beam.continuum;
      addBroad(into, response, energyKeV, scatterSigma(continuum, undefined), elastic * arriving(energyKeV));
      addBroad(
        into,
        response,
        comptonKeV,
        scatterSigma(continuum, comptonKeV),
        compton * arriving(comptonKeV),
      );
    }
    return into;
  }
}
