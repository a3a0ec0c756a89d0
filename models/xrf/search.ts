import type { Series } from './lines.ts';
import { refine } from './refine.ts';
import { channelOf, energyAt, type Response, sigmaKeV } from './response.ts';
import {
  fitSpectrum,
  type Measured,
  principalEnergy,
  type SeriesTemplates,
  type SpectrumFit,
  seriesTemplates,
} from './spectrum-fit.ts';
import type { Template } from './template.ts';

const searchSigmas = 4.5;
const mostElements = 40;
/** A side line that ought to be seen so clearly must be there with at least this share of what is expected. */
const sideSigmas = 4;
const sideShare = 0.5;
/** An element is not told from stronger neighbours when it has less than this share of the peaks at its own line. */
const leastShare = 0.1;
/** Without a crest, a line has to have this share of the height of the highest one within so many keV. */
const shoulderShare = 0.1;
const rivalKeV = 0.5;
/** Share of a line's counts that may be left unexplained around it. */
const mostMisfit = 0.3;

/** Sum of w r t and of w t t: how much of a template is in what is left, and how well that is known. */
function score(
  { segments }: Template,
  { model, weights }: SpectrumFit,
  counts: Float64Array,
): [number, number] {
  let [sum, square] = [0, 0];
  for (const { start, values } of segments)
    for (let i = 0; i < values.length; i++) {
      const weighted = (weights[start + i] as number) * (values[i] as number);
      sum += weighted * ((counts[start + i] as number) - (model[start + i] as number));
      square += weighted * (values[i] as number);
    }
  return [sum, square];
}

/** Whether smoothed counts have a crest, clear of their noise, within half a width of an energy. */
function isCrest(counts: Float64Array, response: Response, energyKeV: number): boolean {
  const sigma = sigmaKeV(response, energyKeV) / response.gainKeV;
  const reach = Math.max(1, Math.round(sigma / 2));
  const smooth = (i: number) => {
    let sum = 0;
    for (let j = i - reach; j <= i + reach; j++) sum += counts[j] ?? 0;
    return sum;
  };
  const centre = Math.round(channelOf(response, energyKeV));
  let top = centre;
  for (let i = centre - 2 * reach; i <= centre + 2 * reach; i++) if (smooth(i) > smooth(top)) top = i;
  if (Math.abs(top - centre) > Math.max(1, 0.4 * sigma)) return false;
  const clear = (side: number) => {
    const flank = smooth(top + Math.round(side * 1.5 * sigma));
    return smooth(top) - flank > 3 * Math.sqrt(smooth(top) + flank);
  };
  return clear(-1) && clear(1);
}

/** Share of a template in channels that are left out. */
function maskedShare({ segments }: Template, mask: Float64Array): number {
  let [out, all] = [0, 0];
  for (const { start, values } of segments)
    for (let i = 0; i < values.length; i++) {
      all += values[i] as number;
      if (mask[start + i] === 0) out += values[i] as number;
    }
  return all > 0 ? out / all : 1;
}

const valueAt = ({ segments }: Template, channel: number): number =>
  segments.reduce((sum, { start, values }) => sum + (values[channel - start] ?? 0), 0);

/** Of two that fit a peak the one with K lines is the likelier: L lines of rare elements lie everywhere. */
const preference = { K: 1, L: 0.6, M: 0.3 } as const;

/** One spectrum's search: elements are taken in one by one, the clearest first, and then have to prove themselves. */
export class Search {
  readonly #measured: Measured;
  readonly #candidates: readonly Series[];
  #response: Response;
  #templates = new Map<Series, SeriesTemplates>();
  #chosen: Series[] = [];

  constructor(measured: Measured, candidates: readonly Series[], response: Response) {
    this.#measured = measured;
    this.#candidates = candidates;
    this.#response = response;
  }

  get response(): Response {
    return this.#response;
  }

  templates(series: Series): SeriesTemplates {
    const there = this.#templates.get(series);
    if (there) return there;
    const made = seriesTemplates(series, this.#response, this.#measured.counts.length);
    this.#templates.set(series, made);
    return made;
  }

  fit(chosen = this.#chosen): SpectrumFit {
    return fitSpectrum(
      this.#measured,
      chosen.map((series) => this.templates(series)),
      this.#reach(this.#response),
    );
  }

  /** Tails reach some widths of the peaks. */
  #reach = (response: Response): number => Math.round((6 * sigmaKeV(response, 6)) / response.gainKeV);

  refine(): void {
    this.#response = refine(this.#measured, this.#chosen, this.#response, this.#reach);
    this.#templates.clear();
  }

  /** Takes in the clearest candidates until none is clear. */
  grow(): void {
    const refused = new Set<Series>();
    while (this.#chosen.length < mostElements) {
      const fit = this.fit();
      let best: Series | undefined;
      let clearest = searchSigmas;
      for (const series of this.#candidates) {
        if (refused.has(series) || this.#chosen.includes(series)) continue;
        const [sum, square] = score(this.templates(series).whole, fit, this.#measured.counts);
        const sigmas = square > 0 ? (preference[series.series] * sum) / Math.sqrt(square) : 0;
        if (sigmas <= clearest) continue;
        clearest = sigmas;
        best = series;
      }
      if (!best) return;
      const taken = [...this.#chosen, best];
      const own = this.fit(taken).found.at(-1);
      if (own && own.area > 2 * own.sigma) this.#chosen = taken;
      else refused.add(best);
      if (this.#chosen.length === 3 && own) this.refine();
    }
  }

  /** Whether an element is nothing beside the lines of others at its own, or lacks the K lines that it then must have. */
  #drowned(series: Series, area: number, fit: SpectrumFit): boolean {
    const { element } = series;
    const shells = this.#candidates.filter((one) => one.element === element);
    const k = shells.find((one) => one.series === 'K');
    if (series.series !== 'K' && k && !this.#chosen.includes(k)) return true;
    const at = Math.round(channelOf(this.#response, principalEnergy(series)));
    const own = valueAt(this.templates(series).whole, at) * area;
    let all = 0;
    for (const other of fit.found) all += other.area * valueAt(this.templates(other.series).whole, at);
    return own < leastShare * all;
  }

  /** Takes out, the weakest first, what does not hold. */
  prune(leastSigmas: number): SpectrumFit {
    for (;;) {
      const fit = this.fit();
      const failing = fit.found
        .filter(
          ({ series, area, sigma }) =>
            area < leastSigmas * sigma ||
            this.#drowned(series, area, fit) ||
            !this.#proved(series, area, fit),
        )
        .sort((a, b) => a.area / a.sigma - b.area / b.sigma)[0];
      if (!failing) return fit;
      this.#chosen = this.#chosen.filter((series) => series !== failing.series);
    }
  }

  /** What is left around the principal line beside what the line itself has there, its noise aside: scatter is too wide. */
  #misfit(series: Series, area: number, fit: SpectrumFit): number {
    const { counts } = this.#measured;
    const sigma = sigmaKeV(this.#response, principalEnergy(series)) / this.#response.gainKeV;
    const centre = Math.round(channelOf(this.#response, principalEnergy(series)));
    const { whole } = this.templates(series);
    let [left, own] = [0, 0];
    for (let i = centre - Math.round(3 * sigma); i <= centre + Math.round(3 * sigma); i++) {
      const expected = fit.model[i] ?? 0;
      left += Math.max(0, Math.abs((counts[i] ?? 0) - expected) - 1.5 * Math.sqrt(expected + 1));
      own += area * valueAt(whole, i);
    }
    return own > 0 ? left / own : Number.POSITIVE_INFINITY;
  }

  /** Whether the principal line has the shape of a line, and is a crest, or as strong as what hides its crest. */
  stands(series: Series, area: number, fit: SpectrumFit): boolean {
    const energy = principalEnergy(series);
    if (this.#misfit(series, area, fit) > mostMisfit) return false;
    if (isCrest(this.#measured.counts, this.#response, energy)) return true;
    const at = Math.round(channelOf(this.#response, energy));
    const reach = Math.round(rivalKeV / this.#response.gainKeV);
    const own = area * valueAt(this.templates(series).whole, at);
    const others = fit.found.filter((other) => other.series !== series);
    const height = (channel: number) =>
      others.reduce(
        (sum, other) => sum + other.area * valueAt(this.templates(other.series).whole, channel),
        0,
      );
    let highest = 0;
    for (let channel = at - reach; channel <= at + reach; channel++)
      highest = Math.max(highest, height(channel));
    return own > height(at) && own > shoulderShare * highest;
  }

  /** Whether the side lines are there that ought to be seen; an L series is known by La and Lb together. */
  #proved(series: Series, area: number, fit: SpectrumFit): boolean {
    let second = false;
    for (const { name, template, share } of this.templates(series).sides) {
      const [sum, square] = score(template, fit, this.#measured.counts);
      if (maskedShare(template, this.#measured.mask) > 0.4 || !(square > 0)) continue;
      const sigma = 1 / Math.sqrt(square);
      const expected = share * area;
      const found = expected + sum / square;
      if (name === 'Lb' && found > 3 * sigma && found > sideShare * expected) second = true;
      if (expected > sideSigmas * sigma && found + 3 * sigma < sideShare * expected) return false;
    }
    return series.series === 'K' || second;
  }
}

/** Crests of what no element explains, keV. */
export function unassigned(
  { model, weights }: SpectrumFit,
  counts: Float64Array,
  response: Response,
): number[] {
  const width = Math.max(1, Math.round(sigmaKeV(response, 6) / response.gainKeV));
  const clear = counts.map((_, i) => {
    let [sum, variance] = [0, 0];
    for (let j = Math.max(0, i - width); j <= Math.min(counts.length - 1, i + width); j++) {
      const weight = weights[j] as number;
      if (weight === 0) return 0;
      sum += (counts[j] as number) - (model[j] as number);
      variance += 1 / weight;
    }
    return sum / Math.sqrt(variance);
  });
  const crest = (i: number) =>
    (clear[i] as number) > 10 &&
    clear.subarray(Math.max(0, i - 3 * width), i + 3 * width).every((value) => value <= (clear[i] as number));
  return Array.from(clear.keys())
    .filter(crest)
    .map((i) => energyAt(response, i));
}
