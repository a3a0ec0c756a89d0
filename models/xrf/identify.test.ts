import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Random } from '#models/physics/xray/random';
import { identify } from './identify.ts';
import { readLines, seriesOf } from './lines.ts';
import { pileUpShape } from './pile-up.ts';
import { addPeak, energyAt, escapeKeV, escapeShare, type Response } from './response.ts';
import { readSpectrumFile } from './spectrum-file.ts';

const response: Response = {
  offsetKeV: 0.01,
  gainKeV: 0.012,
  quadraticKeV: 0,
  noiseKeV: 0.08,
  fano: 0.115,
  tailShare: 0.01,
  tailSigmas: 2.5,
  escapeScale: 1.1,
};
const channels = 2048;

/** Peaks with escapes, a continuum up to 22 keV, scattered radiation and pile-up, with counting noise. */
function simulated(areas: Readonly<Record<string, number>>, seed: number): Float64Array {
  const table = readLines();
  const mean = new Float64Array(channels);
  for (const [symbol, area] of Object.entries(areas)) {
    const element = table.get(symbol);
    const [series] = element ? seriesOf(element, 22) : [];
    const rates = (series?.groups ?? []).map(({ lines }) => lines.reduce((sum, { rate }) => sum + rate, 0));
    for (const { lines } of series?.groups ?? [])
      for (const { energyKeV, rate } of lines) {
        const counts = (area * rate) / Math.max(...rates);
        addPeak(mean, 0, response, energyKeV, counts);
        addPeak(mean, 0, response, energyKeV - escapeKeV, counts * 1.1 * escapeShare(energyKeV));
      }
  }
  for (let i = 0; i < channels; i++) {
    const energy = energyAt(response, i);
    if (energy > 0.6 && energy < 22) mean[i] = (mean[i] ?? 0) + 80 * (energy / 8) * Math.exp(1 - energy / 8);
  }
  addPeak(mean, 0, response, 20.216, 40_000);
  for (let step = -20; step <= 20; step++) addPeak(mean, 0, response, 19.2 + 0.02 * step, 3000);
  const both = pileUpShape(mean, response.offsetKeV / response.gainKeV);
  const total = mean.reduce((sum, value) => sum + value, 0);
  const random = new Random(seed);
  return mean.map((value, i) => random.poisson(value + 0.003 * total * (both[i] ?? 0)));
}

describe('elements of a simulated spectrum', () => {
  test.each([
    { Ca: 30_000, Ti: 8000, Mn: 12_000, Fe: 400_000, Zn: 5000, Sr: 4000 },
    { K: 6000, Cr: 60_000, Fe: 250_000, Ni: 40_000, Pb: 20_000 },
    { Si: 9000, Ca: 200_000, V: 5000, Fe: 90_000, Cu: 3000, Zr: 9000 },
  ])(
    'are those that are in it, %o, and no others, with a calibration a little off',
    { timeout: 90_000 },
    (areas) => {
      const { elements } = identify(simulated(areas, 5), {
        calibration: [0.014, 0.012006, 0],
        confidence: 0.99,
      });
      const claimed = elements.filter((one) => one.claimed);
      expect(claimed.map(({ element }) => element).sort()).toEqual(Object.keys(areas).sort());
      for (const { element, area, areaSigma } of claimed)
        expect(Math.abs(area - (areas[element as keyof typeof areas] ?? 0))).toBeLessThan(5 * areaSigma);
    },
  );

  test('are none where there is a continuum alone', () => {
    const { elements } = identify(simulated({}, 6), { calibration: [0.01, 0.012, 0], confidence: 0.99 });
    expect(elements.filter((one) => one.claimed)).toEqual([]);
  });
});

const shared = new URL('../../../shared/data/spectra/srm1832.mca', import.meta.url);

describe.skipIf(!existsSync(shared))(
  'SRM 1832 as it was measured (skipped where shared data are absent)',
  () => {
    test('has its elements, no false ones, and in the order of their amounts', { timeout: 90_000 }, () => {
      const { counts, calibration, detectors } = readSpectrumFile(
        readFileSync(shared, 'utf8'),
        'srm1832.mca',
      );
      expect(detectors).toBe(4);
      const { elements } = identify(counts, { calibration: calibration ?? [0, 1, 0], confidence: 0.99 });
      const claimed = new Map(elements.filter((one) => one.claimed).map((one) => [one.element, one.area]));
      // Argon is the air's. Aluminium and silicon do not come through it; iron and tungsten are on shoulders, and told of.
      expect([...claimed.keys()]).toEqual(['Ar', 'Ca', 'V', 'Mn', 'Co', 'Cu']);
      // Beside the counts in the channels that the file itself marks for each line, less their background.
      const windows = { Ca: [3.45, 3.9], V: [4.7, 5.22], Mn: [5.63, 6.15], Co: [6.7, 7.2] } as const;
      const [offset, gain] = calibration ?? [0, 1];
      for (const [element, [low, high]] of Object.entries(windows)) {
        const [from, to] = [Math.round((low - offset) / gain), Math.round((high - offset) / gain)];
        const ends = ((counts[from] ?? 0) + (counts[to] ?? 0)) / 2;
        const sum =
          counts.subarray(from, to + 1).reduce((all, count) => all + count, 0) - ends * (to - from + 1);
        const ratio = (claimed.get(element) ?? 0) / sum;
        expect(ratio).toBeGreaterThan(0.93);
        expect(ratio).toBeLessThan(1.1);
      }
    });
  },
);
