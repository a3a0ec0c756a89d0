import { Random } from '#models/physics/xray/random';
import { XrfEngine } from '#models/xrf/engine';
import { energyOf, type LineGroup, readLines, seriesOf } from '#models/xrf/lines';
import type { Response } from '#models/xrf/response';
import { clippingWidths } from '#models/xrf/snip';
import { groupTemplate, type Template } from '#models/xrf/template';
import type { Row } from '../bench.ts';
import { inPairs } from '../pairs.ts';
import { cpuMicrosOf } from './cpu.ts';
import { xrfPeer } from './xrf-peer.ts';

export const xrfChannels = 1400;
const pairs = 31;
const elements = 'P S Cl K Ca Ti V Cr Mn Fe Co Ni Cu Zn Ga As Se Br Rb Sr'.split(' ');
const response: Response = {
  offsetKeV: 0.4,
  gainKeV: 0.0115,
  quadraticKeV: 0,
  noiseKeV: 0.08,
  fano: 0.115,
  tailShare: 0,
  tailSigmas: 2,
  escapeScale: 1,
};

/** Ka and Kb of twenty elements, in order of energy. */
export function benchTemplates(): Template[] {
  const table = readLines();
  const groups: LineGroup[] = elements.flatMap((symbol) => {
    const element = table.get(symbol);
    return element
      ? seriesOf(element, 20).flatMap(({ series, groups }) => (series === 'K' ? groups : []))
      : [];
  });
  return groups
    .sort((a, b) => energyOf(a) - energyOf(b))
    .map((group) => groupTemplate(group, response, xrfChannels));
}

/** Spectra of drawn areas, from nothing to some hundred thousand counts, over a sloping continuum, with counting noise. */
export function benchSpectra(templates: readonly Template[], count: number): Float64Array[] {
  const random = new Random(20260908);
  return Array.from({ length: count }, () => {
    const mean = Float64Array.from({ length: xrfChannels }, (_, i) => 60 + 240 * Math.exp(-i / 500));
    for (const { segments } of templates) {
      const area = random.chance(0.4) ? 0 : random.logBetween(300, 200_000);
      for (const { start, values } of segments)
        for (const [i, value] of values.entries()) mean[start + i] = (mean[start + i] ?? 0) + area * value;
    }
    return mean.map((value) => random.poisson(value));
  });
}

/** Baseline, weights, fit and variances of one spectrum, ours and dense. Microseconds of processor time. */
export async function xrfRows(signal: AbortSignal): Promise<Row[]> {
  const templates = benchTemplates();
  const clipping = clippingWidths(40, 24);
  const engine = new XrfEngine({ channels: xrfChannels, templates, clipping });
  const peer = xrfPeer(templates, xrfChannels, clipping);
  const typed = benchSpectra(templates, 32);
  const plain = typed.map((counts) => Array.from(counts));
  const figures = await inPairs(
    () => cpuMicrosOf(typed, 64, (counts) => engine.analyse(counts)),
    () => cpuMicrosOf(plain, 16, peer),
    pairs,
    signal,
  );
  const detail = { channels: xrfChannels, templates: templates.length, clippings: clipping.length, pairs };
  const { value, reference, ratio } = figures;
  return [
    { name: 'spectrum.xrf', unit: 'us', value, reference, ratio: 1 / ratio, detail },
    { name: 'info.spectrum.xrf.target', unit: 'us', value, reference: 300, ratio: 300 / value },
  ];
}
