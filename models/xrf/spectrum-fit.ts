import { BandedFit } from './banded-fit.ts';
import { energyOf, rateOf, type Series } from './lines.ts';
import type { Response } from './response.ts';
import { groupTemplate, type Template, templateOf } from './template.ts';

/** What is fitted of a measured spectrum, apart from its elements. */
export interface Measured {
  /** Counts, or sums of counts, by channel. */
  readonly counts: Float64Array;
  readonly baseline: Float64Array;
  /** 0 where a channel is left out, else 1. */
  readonly mask: Float64Array;
  /** Folded with itself, of area 1. */
  readonly pileUp: Float64Array;
  /** Channels from one knot of the baseline's correction to the next. */
  readonly knotChannels: number;
}

/** Model errors: of a peak beside itself, and of its tails beside the highest within reach. */
const peakError = 0.05;
const tailError = 0.004;
/** How far the ratio of a side group to its principal one may be off, as a share: absorption changes it. */
const ratioError = 0.08;
/** How far a piece of the baseline may be off, as a share. */
const baselineError = 0.3;
const rounds = 4;

export interface FittedSeries {
  readonly series: Series;
  /** Counts in the principal group's full-energy peaks, and their standard error with that of the model. */
  readonly area: number;
  readonly sigma: number;
}

export interface SpectrumFit {
  readonly found: readonly FittedSeries[];
  /** Counts that the model says, and inverse variances with the model's own errors, by channel. */
  readonly model: Float64Array;
  readonly weights: Float64Array;
  readonly chiSquared: number;
  readonly pileUpCounts: number;
}

/** The group with the most photons: the one that an element is known by. */
export const principalOf = ({ groups }: Series) =>
  groups.reduce((best, group) => (rateOf(group) > rateOf(best) ? group : best));

function added(parts: readonly { template: Template; share: number }[], channels: number): Template {
  const dense = new Float64Array(channels);
  for (const { template, share } of parts)
    for (const { start, values } of template.segments)
      for (const [i, value] of values.entries())
        dense[start + i] = (dense[start + i] as number) + share * value;
  return templateOf(dense);
}

export interface SeriesTemplates {
  readonly series: Series;
  /** All groups, per count in the principal one. */
  readonly whole: Template;
  /** Side groups apart, with their counts per count in the principal one. */
  readonly sides: readonly { readonly name: string; readonly template: Template; readonly share: number }[];
}

export function seriesTemplates(series: Series, response: Response, channels: number): SeriesTemplates {
  const principal = principalOf(series);
  const total = rateOf(principal);
  const parts = series.groups.map((group) => ({
    group,
    template: groupTemplate(group, response, channels),
    share: rateOf(group) / total,
  }));
  const sides = parts
    .filter(({ group, share }) => group !== principal && share > 0.01)
    .map(({ group, template, share }) => ({ name: group.name, template, share }));
  return { series, whole: added(parts, channels), sides };
}

/** Straight pieces between knots, times the baseline: what corrects it. */
function corrections({ baseline, knotChannels }: Measured): Template[] {
  const size = baseline.length;
  const knots = Math.max(2, Math.ceil(size / knotChannels) + 1);
  return Array.from({ length: knots }, (_, k) =>
    templateOf(
      baseline.map(
        (value, i) => (value + 1) * Math.max(0, 1 - Math.abs(i - k * knotChannels) / knotChannels),
      ),
      0,
    ),
  ).filter(({ segments }) => segments.length > 0);
}

/** The largest value within `reach` channels of each. */
function highestNear(values: Float64Array, reach: number): Float64Array {
  const highest = values.slice();
  for (let step = 1; step <= reach; step++)
    for (let i = 0; i < values.length; i++)
      highest[i] = Math.max(highest[i] as number, values[i - step] ?? 0, values[i + step] ?? 0);
  return highest;
}

/**
 * Fits elements, a correction of the baseline and pile-up to a spectrum at once. Weights come from the model of the round
 * before and hold the model's own errors, so that what sits on or beside a strong peak is not believed to the last count.
 */
export function fitSpectrum(
  measured: Measured,
  elements: readonly SeriesTemplates[],
  reachChannels: number,
): SpectrumFit {
  const { counts, baseline, mask, pileUp } = measured;
  const size = counts.length;
  const hats = corrections(measured);
  const sides = elements.flatMap(({ sides }, element) => sides.map((side) => ({ ...side, element })));
  const templates = [
    ...elements.map(({ whole }) => whole),
    templateOf(pileUp, 1e-6),
    ...sides.map(({ template }) => template),
    ...hats,
  ];
  const signed = templates.map((_, i) => i).filter((i) => i > elements.length);
  const fit = new BandedFit(templates, signed);
  const prior = {
    values: new Float64Array(templates.length),
    precisions: new Float64Array(templates.length),
  };
  for (let k = 0; k < hats.length; k++)
    prior.precisions[elements.length + 1 + sides.length + k] = 1 / baselineError ** 2;
  const net = counts.map((count, i) => count - (baseline[i] as number));
  const weights = counts.map((count, i) => (mask[i] as number) / (count + 1));
  let model = counts;
  for (let round = 0; round < rounds; round++) {
    for (const [s, { share, element }] of sides.entries()) {
      const area = round === 0 ? 0 : (fit.areas[element] as number);
      prior.precisions[elements.length + 1 + s] = 1 / (ratioError * share * area + 1) ** 2;
    }
    if (!fit.fit(net, weights, prior)) break;
    const peaks = modelOf(templates, fit.areas, size, elements.length + 1 + sides.length);
    model = modelOf(templates, fit.areas, size, templates.length).map(
      (value, i) => value + (baseline[i] as number),
    );
    const near = highestNear(peaks, reachChannels);
    for (let i = 0; i < size; i++) {
      const own = peakError * (peaks[i] as number);
      const tail = tailError * (near[i] as number);
      weights[i] = (mask[i] as number) / (Math.max(1, model[i] as number) + own * own + tail * tail);
    }
  }
  let chiSquared = 0;
  for (let i = 0; i < size; i++)
    chiSquared += (weights[i] as number) * ((counts[i] as number) - (model[i] as number)) ** 2;
  const found = elements.map(({ series }, i) => ({
    series,
    area: fit.areas[i] as number,
    sigma: Math.sqrt(fit.variances[i] as number),
  }));
  return { found, model, weights, chiSquared, pileUpCounts: fit.areas[elements.length] as number };
}

function modelOf(
  templates: readonly Template[],
  areas: Float64Array,
  size: number,
  count: number,
): Float64Array {
  const model = new Float64Array(size);
  for (let k = 0; k < count; k++) {
    const area = areas[k] as number;
    if (area === 0) continue;
    for (const { start, values } of templates[k]?.segments ?? [])
      for (let i = 0; i < values.length; i++)
        model[start + i] = (model[start + i] as number) + area * (values[i] as number);
  }
  return model;
}

export const principalEnergy = (series: Series): number => energyOf(principalOf(series));
