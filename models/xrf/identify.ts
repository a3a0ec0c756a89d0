import { normalQuantile } from '../chemometrics/distributions.ts';
import { endpointKeV, topPeakKeV } from './endpoint.ts';
import { readLines, type Series, seriesOf } from './lines.ts';
import { pileUpShape } from './pile-up.ts';
import { channelOf, energyAt, type Response, sigmaKeV } from './response.ts';
import { Search, unassigned } from './search.ts';
import { clippingWidths, Snip } from './snip.ts';
import { type Measured, principalEnergy, principalOf } from './spectrum-fit.ts';
import { type TubeLine, tubeLines } from './tube-lines.ts';

export interface IdentifyOptions {
  /** Energy of channel 0, of a channel, and the quadratic term, keV. */
  readonly calibration: readonly [number, number, number];
  /** Energy that excites the sample, keV; absent: told by where the spectrum ends. */
  readonly excitationKeV?: number | undefined;
  /** Of the claim that no element of the list is false. */
  readonly confidence: number;
  /** Symbols to look for; absent: all that occur. */
  readonly elements?: readonly string[] | undefined;
}

export interface Identified {
  readonly element: string;
  readonly line: string;
  readonly energyKeV: number;
  /** Counts in the line's full-energy peaks, and their standard error with that of the model. */
  readonly area: number;
  readonly areaSigma: number;
  /** Area from which on the element would be claimed. */
  readonly detectionLimit: number;
  /** False for what the fit finds and no crest shows: a shoulder of something stronger may be another thing. */
  readonly claimed: boolean;
}

export interface Identification {
  readonly elements: readonly Identified[];
  readonly response: Response;
  readonly excitationKeV: number;
  /** Energies left out because the exciting radiation scatters there, keV. */
  readonly scatterKeV?: readonly [number, number] | undefined;
  /** Peaks that no element explains, keV. */
  readonly unassignedKeV: readonly number[];
  /** Those of them that may be lines of the tube. */
  readonly tubeLines: readonly TubeLine[];
  readonly candidates: number;
  /** Counts by channel: the continuum that was taken away first, and all that the fit says. */
  readonly curves: { readonly baseline: Float64Array; readonly model: Float64Array };
}

/** Not looked for unless named: gases that no sample holds, and what has no stable isotope (thorium and uranium occur). */
const absent = new Set('Ne Kr Xe Tc Pm Po At Rn Fr Ra Ac Pa'.split(' '));
/** Below these, keV, windows and air leave nothing that could be told from noise of the electronics. */
const lowestKeV = 1.0;
const lowestLineKeV = 1.2;
/** The discriminator may cut up to here. */
const latestTurnOnKeV = 1.6;
/** Electron mass, keV. */
const electronKeV = 511;

function candidatesOf({ elements }: IdentifyOptions, excitationKeV: number): Series[] {
  return [...readLines().values()]
    .filter(({ symbol }) => (elements ? elements.includes(symbol) : !absent.has(symbol)))
    .flatMap((element) => seriesOf(element, excitationKeV))
    .filter((one) => one.series !== 'M' && principalEnergy(one) > lowestLineKeV);
}

/** Smoothed counts around an energy. */
function heightAt(counts: Float64Array, response: Response, energyKeV: number): number {
  const at = Math.round(channelOf(response, energyKeV));
  return [-2, -1, 0, 1, 2].reduce((sum, step) => sum + (counts[at + step] ?? 0), 0);
}

/**
 * Where the exciting radiation is scattered: from below its Compton peak, however it was scattered, to above its own
 * energy. Undefined where the last peak can be a line of an element whose principal line is there as well.
 */
function scatterOf(
  counts: Float64Array,
  response: Response,
  candidates: readonly Series[],
  { excitationKeV }: IdentifyOptions,
  endKeV: number,
): readonly [number, number] | undefined {
  const top = excitationKeV ?? topPeakKeV(counts, endKeV, response);
  const height = heightAt(counts, response, top);
  if (height < 100) return undefined;
  const explained =
    excitationKeV === undefined &&
    candidates.some((series) => {
      const close = series.groups.some(({ lines }) =>
        lines.some(({ energyKeV }) => Math.abs(energyKeV - top) < 0.05),
      );
      return close && heightAt(counts, response, principalEnergy(series)) > height;
    });
  if (explained) return undefined;
  const compton = top / (1 + (2 * top) / electronKeV);
  // Its foot, of photons scattered more than once, reaches far down.
  const foot = Math.min(compton - 7 * sigmaKeV(response, compton), 0.9 * compton);
  return [foot, top + 5 * sigmaKeV(response, top)];
}

function measuredOf(
  counts: Float64Array,
  response: Response,
  pileUp: Float64Array,
  scatter: readonly [number, number] | undefined,
): Measured {
  const size = counts.length;
  const widest = Math.min((size - 2) >> 1, Math.max(8, Math.round(1 / response.gainKeV)));
  const baseline = new Float64Array(size);
  new Snip(size, clippingWidths(widest, 24)).apply(counts, baseline);
  const mask = Float64Array.from({ length: size }, (_, i) => {
    const energy = energyAt(response, i);
    if (energy < lowestKeV) return 0;
    return scatter && energy > scatter[0] && energy < scatter[1] ? 0 : 1;
  });
  return { counts, baseline, mask, pileUp, knotChannels: Math.max(8, Math.round(0.7 / response.gainKeV)) };
}

/** Where the discriminator lets all through: the continuum no longer rises at once to what it is a little higher. */
function turnOnKeV(baseline: Float64Array, response: Response): number {
  const ahead = Math.round(0.4 / response.gainKeV);
  for (
    let i = Math.max(0, Math.round(channelOf(response, lowestKeV)));
    energyAt(response, i) < latestTurnOnKeV;
    i++
  ) {
    const [here, later] = [baseline[i] ?? 0, baseline[i + ahead] ?? 0];
    if (later < 5 || here > 0.8 * later) return energyAt(response, i) - 0.1;
  }
  return latestTurnOnKeV;
}

/** Finds the elements of a spectrum and the areas of their lines. */
export function identify(counts: Float64Array, options: IdentifyOptions): Identification {
  const [offsetKeV, gainKeV, quadraticKeV] = options.calibration;
  const begin: Response = {
    offsetKeV,
    gainKeV,
    quadraticKeV,
    noiseKeV: 0.09,
    fano: 0.115,
    tailShare: 0.01,
    tailSigmas: 2.5,
    escapeScale: 1,
  };
  // Below the first lines there is the noise of the electronics, which is no photon.
  const pileUp = pileUpShape(counts, offsetKeV / gainKeV, Math.round((lowestKeV - offsetKeV) / gainKeV));
  const endKeV = options.excitationKeV ?? endpointKeV(counts, pileUp, begin);
  const candidates = candidatesOf(options, endKeV);
  const scatterKeV = scatterOf(counts, begin, candidates, options, endKeV);
  const measured = measuredOf(counts, begin, pileUp, scatterKeV);
  const turnOn = turnOnKeV(measured.baseline, begin);
  const seen = candidates.filter((series) => {
    const energy = principalEnergy(series);
    return energy > turnOn + 2 * sigmaKeV(begin, energy);
  });
  const search = new Search(measured, seen, begin);
  search.grow();
  search.refine();
  search.grow();
  search.refine();
  const least = normalQuantile(1 - (1 - options.confidence) / Math.max(1, candidates.length));
  const fit = search.prune(least);
  const elements = fit.found
    .map(({ series, area, sigma }) => ({
      element: series.element,
      line: principalOf(series).name,
      energyKeV: principalEnergy(series),
      area,
      areaSigma: sigma,
      detectionLimit: least * sigma,
      claimed: search.stands(series, area, fit),
    }))
    .sort((a, b) => a.energyKeV - b.energyKeV);
  const unassignedKeV = unassigned(fit, counts, search.response);
  return {
    elements,
    response: search.response,
    excitationKeV: endKeV,
    scatterKeV,
    unassignedKeV,
    tubeLines: tubeLines(unassignedKeV, search.response),
    candidates: candidates.length,
    curves: { baseline: measured.baseline, model: fit.model },
  };
}
