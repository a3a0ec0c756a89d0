import { XrfEngine } from '../xrf/engine.ts';
import { readLines, seriesOf } from '../xrf/lines.ts';
import { pileUpShape } from '../xrf/pile-up.ts';
import { addPeak, type Response } from '../xrf/response.ts';
import { clippingWidths } from '../xrf/snip.ts';
import { groupTemplate, type Template, templateOf } from '../xrf/template.ts';

/** Series whose areas are read, in order of energy; lead by its L lines. */
const series = [
  ['K', 'K'],
  ['Ca', 'K'],
  ['Ti', 'K'],
  ['V', 'K'],
  ['Cr', 'K'],
  ['Mn', 'K'],
  ['Fe', 'K'],
  ['Ni', 'K'],
  ['Cu', 'K'],
  ['Zn', 'K'],
  ['As', 'K'],
  ['Pb', 'L'],
  ['Sr', 'K'],
  ['Zr', 'K'],
] as const;
export const xrfElements: readonly string[] = series.map(([symbol]) => symbol);

/** What excites, mostly: the tube's K line. */
const excitationKeV = 20.2;
/** Half widths of the baseline's clipping: from so many keV down. */
const clippingKeV = 0.75;
const clippingSteps = 16;
/** Windows of scattered radiation of the rhodium tube, keV: Compton and elastic. */
const comptonKeV = [18.3, 19.85] as const;
const elasticKeV = [19.9, 20.6] as const;

const ironKeV = [6.1, 7.4] as const;

/** What is read of one spectrum. */
export interface XrfAreas {
  /** Counts by element in the order of `xrfElements`. */
  readonly areas: Float64Array;
  readonly compton: number;
  readonly elastic: number;
  readonly total: number;
}

function seriesTemplate(symbol: string, wanted: 'K' | 'L', response: Response, channels: number): Template {
  const element = readLines().get(symbol);
  const found = element && seriesOf(element, excitationKeV).find(({ series }) => series === wanted);
  if (!found) throw new RangeError(`There is no ${wanted} series of ${symbol} below ${excitationKeV} keV.`);
  const dense = new Float64Array(channels);
  const rates = found.groups.map(({ lines }) => lines.reduce((sum, { rate }) => sum + rate, 0));
  const all = rates.reduce((sum, rate) => sum + rate, 0);
  for (const [g, group] of found.groups.entries())
    for (const { start, values } of groupTemplate(group, response, channels).segments)
      for (const [i, value] of values.entries())
        dense[start + i] = (dense[start + i] as number) + (value * (rates[g] as number)) / all;
  return templateOf(dense, 1e-5);
}

/** Where iron's photons come in pairs: what sits among the L lines of lead. */
function ironPairs(response: Response, channels: number): Template {
  const iron = new Float64Array(channels);
  addPeak(iron, 0, response, 6.4, 0.88);
  addPeak(iron, 0, response, 7.06, 0.12);
  const shape = pileUpShape(iron, response.offsetKeV / response.gainKeV);
  return templateOf(shape, 1e-4);
}

/** Areas of a stream of fluorescence spectra of ore with one energy calibration. */
export class XrfReader {
  readonly #engine: XrfEngine;
  readonly #response: Response;
  readonly #areas: Float64Array;

  constructor(response: Response, channels: number) {
    this.#response = response;
    const templates = series.map(([symbol, shells]) => seriesTemplate(symbol, shells, response, channels));
    const pairs = ironPairs(response, channels);
    // In order of energy, so that the fit stays banded: iron's pairs come behind lead.
    const place = xrfElements.indexOf('Pb') + 1;
    const clipping = clippingWidths(Math.round(clippingKeV / response.gainKeV), clippingSteps);
    this.#engine = new XrfEngine({
      channels,
      templates: [...templates.slice(0, place), pairs, ...templates.slice(place)],
      clipping,
    });
    this.#areas = new Float64Array(series.length);
  }

  /** Undefined when lines cannot be told apart, as of an empty spectrum. `areas` are those of the last call. */
  read(counts: Float64Array): XrfAreas | undefined {
    if (!this.#engine.analyse(counts)) return undefined;
    const place = xrfElements.indexOf('Pb') + 1;
    const all = this.#engine.areas;
    for (let i = 0; i < series.length; i++) this.#areas[i] = all[i < place ? i : i + 1] as number;
    // There is so much iron that a template of a slightly other width would be off by more than counting: its counts are summed.
    this.#areas[xrfElements.indexOf('Fe')] = this.#overBaseline(counts, ironKeV);
    const sum = ([from, to]: readonly [number, number]) => {
      const channel = (energy: number) =>
        Math.round((energy - this.#response.offsetKeV) / this.#response.gainKeV);
      let found = 0;
      for (let i = channel(from); i < channel(to); i++) found += counts[i] ?? 0;
      return found;
    };
    let total = 0;
    for (let i = 0; i < counts.length; i++) total += counts[i] as number;
    return { areas: this.#areas, compton: sum(comptonKeV), elastic: sum(elasticKeV), total };
  }

  #overBaseline(counts: Float64Array, [from, to]: readonly [number, number]): number {
    const { baseline } = this.#engine;
    const { offsetKeV, gainKeV } = this.#response;
    let found = 0;
    for (let i = Math.round((from - offsetKeV) / gainKeV); i < (to - offsetKeV) / gainKeV; i++)
      found += (counts[i] ?? 0) - (baseline[i] ?? 0);
    return Math.max(0, found);
  }
}
