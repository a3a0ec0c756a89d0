import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#models/physics/xray/random';
import { BandedFit } from './banded-fit.ts';
import { XrfEngine } from './engine.ts';
import { energyOf, readLines, seriesOf } from './lines.ts';
import { addPeak, energyAt, escapeShare, type Response } from './response.ts';
import { clippingWidths, Snip } from './snip.ts';
import { groupTemplate, type Template, templateOf } from './template.ts';

const response: Response = {
  offsetKeV: 0.1,
  gainKeV: 0.02,
  quadraticKeV: 0,
  noiseKeV: 0.07,
  fano: 0.115,
  tailShare: 0.02,
  tailSigmas: 2,
  escapeScale: 1,
};
const channels = 700;
const table = readLines();
const groups = (...symbols: string[]) =>
  symbols.flatMap((symbol) => {
    const element = table.get(symbol);
    return element
      ? seriesOf(element, 20).flatMap(({ series, groups }) => (series === 'K' ? groups : []))
      : [];
  });

describe('lines', () => {
  test('are where and as strong as the tables of X-ray lines have them', () => {
    const [ka, kb] = groups('Fe');
    expect(ka && energyOf(ka)).toBeCloseTo(6.4, 2);
    expect(kb && energyOf(kb)).toBeCloseTo(7.058, 2);
    const rate = (name: string) =>
      groups('Fe')
        .find((g) => g.name === name)
        ?.lines.reduce((sum, l) => sum + l.rate, 0) ?? 0;
    expect(rate('Kb') / rate('Ka')).toBeCloseTo(0.134, 2);
    const lead = table.get('Pb');
    const series = lead ? seriesOf(lead, 20) : [];
    expect(series.map((one) => one.series)).toEqual(['L', 'M']);
    // Below its L3 edge at 13.04 keV there are no L lines.
    expect(lead && seriesOf(lead, 13).map((one) => one.series)).toEqual(['M']);
  });
});

describe('a peak', () => {
  test('has its area, whatever its tail, and its mean where the line is', () => {
    for (const tailShare of [0, 0.05]) {
      const into = new Float64Array(channels);
      addPeak(into, 0, { ...response, tailShare }, 6.4, 1000);
      expect(into.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1000, 0);
      const mean = into.reduce((sum, value, i) => sum + value * energyAt(response, i), 0) / 1000;
      expect(mean).toBeCloseTo(tailShare ? 6.4 - 0.05 * 2 * 0.062 : 6.4, 2);
    }
  });

  test('leaves silicon as often as is known, and not at all below its edge', () => {
    expect(escapeShare(1.8)).toBe(0);
    expect(escapeShare(3.69)).toBeGreaterThan(0.005);
    expect(escapeShare(3.69)).toBeLessThan(0.012);
    expect(escapeShare(10)).toBeLessThan(0.001);
  });
});

describe('the baseline', () => {
  test('is what plain clipping gives', () => {
    const random = new Random(4);
    const counts = Float64Array.from({ length: 203 }, () => random.poisson(50));
    const widths = clippingWidths(20, 9);
    const found = new Float64Array(203);
    new Snip(203, widths).apply(counts, found);
    let now = counts.map((c) => Math.sqrt(c + 0.375));
    now = now.map((v, i) => (i === 0 || i === 202 ? v : ((now[i - 1] ?? 0) + 2 * v + (now[i + 1] ?? 0)) / 4));
    for (const w of widths)
      now = now.map((v, i) =>
        i < w || i >= 203 - w ? v : Math.min(v, ((now[i - w] ?? 0) + (now[i + w] ?? 0)) / 2),
      );
    for (const [i, v] of now.entries()) expect(found[i]).toBeCloseTo(Math.max(0, v * v - 0.375), 10);
  });
});

/** Dense least squares with the non-negative solution found by trying every set: right, and slow. */
function exhaustive(templates: readonly Float64Array[], net: Float64Array, weights: Float64Array): number[] {
  const size = templates.length;
  const inner = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, v, i) => sum + v * (b[i] ?? 0) * (weights[i] ?? 0), 0);
  let best = { cost: 0, areas: new Array<number>(size).fill(0) };
  for (let set = 1; set < 2 ** size; set++) {
    const kept = templates.map((_, i) => i).filter((i) => set & (1 << i));
    const rows = kept.map((i) => [
      ...kept.map((j) => inner(templates[i] as Float64Array, templates[j] as Float64Array)),
      inner(templates[i] as Float64Array, net),
    ]);
    for (const [c, pivot] of rows.entries())
      for (const [r, row] of rows.entries()) {
        const factor = r === c ? 0 : (row[c] ?? 0) / (pivot[c] ?? 1);
        for (const k of row.keys()) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
      }
    const areas = new Array<number>(size).fill(0);
    for (const [r, place] of kept.entries()) areas[place] = (rows[r]?.at(-1) ?? 0) / (rows[r]?.[r] ?? 1);
    if (areas.some((area) => area < 0)) continue;
    const model = net.map((_, i) => areas.reduce((sum, a, k) => sum + a * (templates[k]?.[i] ?? 0), 0));
    const cost = inner(model, model) - 2 * inner(model, net);
    if (cost < best.cost) best = { cost, areas };
  }
  return best.areas;
}

describe('the banded fit', () => {
  test('finds the non-negative least squares that trying every set of templates finds', () => {
    void fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (seed, size) => {
        const random = new Random(seed);
        const dense = Array.from({ length: size }, () => {
          const into = new Float64Array(90);
          addPeak(into, 0, { ...response, gainKeV: 0.05 }, random.between(0.6, 4), 1);
          return into;
        });
        const net = Float64Array.from({ length: 90 }, () => random.normal());
        for (const row of dense) {
          const area = random.between(-3, 8);
          for (const [i, value] of row.entries()) net[i] = (net[i] ?? 0) + area * value;
        }
        const weights = Float64Array.from({ length: 90 }, () => random.between(0.2, 2));
        const fit = new BandedFit(dense.map((row) => templateOf(row, 0)));
        if (!fit.fit(net, weights)) return; // two templates at one place
        for (const [i, area] of exhaustive(dense, net, weights).entries())
          expect(Math.abs((fit.areas[i] ?? 0) - area)).toBeLessThan(
            1e-6 * (1 + Math.sqrt(fit.variances[i] ?? 0)),
          );
      }),
      { numRuns: 80 },
    );
  });

  test('finds areas within what their variances say, none of them negative', () => {
    const found = groups('Ca', 'Ti', 'Cr', 'Mn', 'Fe', 'Cu', 'Zn').sort((a, b) => energyOf(a) - energyOf(b));
    const templates: Template[] = found.map((group) => groupTemplate(group, response, channels));
    const engine = new XrfEngine({ channels, templates, clipping: clippingWidths(30, 20) });
    const random = new Random(8);
    const off: number[] = [];
    for (let spectrum = 0; spectrum < 40; spectrum++) {
      const mean = new Float64Array(channels).fill(40);
      const areas = templates.map(() => random.logBetween(2e3, 1e5));
      for (const [k, { segments }] of templates.entries())
        for (const { start, values } of segments)
          for (const [i, value] of values.entries())
            mean[start + i] = (mean[start + i] ?? 0) + (areas[k] ?? 0) * value;
      expect(engine.analyse(mean.map((value) => random.poisson(value)))).toBe(true);
      for (const [k, area] of areas.entries()) {
        expect(engine.areas[k]).toBeGreaterThanOrEqual(0);
        off.push(((engine.areas[k] ?? 0) - area) / Math.sqrt(engine.variances[k] ?? 1));
      }
    }
    const spread = Math.sqrt(off.reduce((sum, value) => sum + value * value, 0) / off.length);
    expect(spread).toBeGreaterThan(0.7);
    expect(spread).toBeLessThan(1.6);
  });
});
