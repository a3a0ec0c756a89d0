import { describe, expect, test } from 'vitest';
import { Random } from '../xray/random.ts';
import { XrayAttenuation } from './attenuation.ts';
import { fractionsOf } from './belt-sensors.ts';
import { BeltXrf, comptonOf, gapFactor } from './belt-xrf.ts';
import { CargoLot } from './cargo.ts';
import { LotSpectra } from './lot-spectra.ts';
import { elementsOf, readMaterials } from './materials.ts';
import { usualXrf } from './xrf-instrument.ts';
import { XrfLibrary } from './xrf-library.ts';

const attenuation = new XrayAttenuation();
const library = new XrfLibrary(usualXrf, attenuation);
const full = new BeltXrf(usualXrf, attenuation);
const { brands, wastes } = readMaterials();
const path = { airMm: 13, waterFilmMm: 0.009 };
const counts = () => new Float64Array(usualXrf.channels);
const channel = (energyKeV: number) => Math.round(energyKeV / usualXrf.response.gainKeV);
const sum = (of: Float64Array, from = 0, to = 100) =>
  of.subarray(channel(from), channel(to)).reduce((all, value) => all + value, 0);

/** The middle of each range of a waste. */
const middle = (ranges: Readonly<Record<string, readonly [number, number]>>) =>
  Object.fromEntries(Object.entries(ranges).map(([name, [low, high]]) => [name, (low + high) / 2]));
const analysis = (name: string): Record<string, number> => {
  const brand = brands.find((one) => one.name === name);
  if (brand) return { ...brand.massPct, ...brand.tracesPct };
  const waste = wastes.find((one) => one.name === name);
  return { ...middle(waste?.rangePct ?? {}), ...middle(waste?.tracesPct ?? {}) };
};

describe('spectra of the library', () => {
  test.each(['PB fines', 'Peru concentrate', 'EAF dust', 'BOF slag'])(
    'of %s are those of the full physics: 0.5 %% of all counts, 2 %% of each half keV with more than a thousandth of them',
    (name) => {
      const expected = full.expected(elementsOf(analysis(name)), path, 10);
      const made = counts();
      library.expected(fractionsOf(analysis(name)), path, 10, made);
      expect(sum(made) / sum(expected)).toBeGreaterThan(0.995);
      expect(sum(made) / sum(expected)).toBeLessThan(1.005);
      for (let from = 2; from < 23; from += 0.5) {
        const [a, b] = [sum(expected, from, from + 0.5), sum(made, from, from + 0.5)];
        if (a > 1e-3 * sum(expected)) expect(Math.abs(b / a - 1), `${name}, ${from} keV`).toBeLessThan(0.02);
      }
    },
  );

  test('near a lot are those of the library: 1 % of the count, 0.4 % of iron beside what is scattered', () => {
    const brand = brands.find(({ name }) => name === 'PB fines');
    if (!brand) throw new Error('no PB fines');
    const lot = new CargoLot(brand, new Random(3));
    const near = new LotSpectra(library, fractionsOf(lot.next(2).massPct));
    for (let window = 0; window < 20; window++) {
      const fractions = fractionsOf(lot.next(20).massPct);
      const [a, b] = [counts(), counts()];
      library.expected(fractions, path, 3, a);
      near.expected(fractions, path, 3, b);
      expect(Math.abs(sum(b) / sum(a) - 1)).toBeLessThan(0.01);
      const iron = (of: Float64Array) => sum(of, 6.2, 6.6) / sum(of, 18.3, 20.6);
      expect(Math.abs(iron(b) / iron(a) - 1)).toBeLessThan(0.004);
    }
  });
});

describe('fluorescence over the belt', () => {
  const made = (name: string, where = path) => {
    const into = counts();
    library.expected(fractionsOf(analysis(name)), where, 10, into);
    return into;
  };
  test('has the photons that Compton gave less energy where they belong', () => {
    expect(comptonOf(20.17, 90)).toBeCloseTo(19.4, 1);
    const ore = made('PB fines');
    expect(sum(ore, 19.1, 19.7)).toBeGreaterThan(sum(ore, 17.6, 18.2));
  });
  test('shows zinc of dust, calcium of slag, and iron twice at once at 12.8 keV', () => {
    expect(sum(made('EAF dust'), 8.5, 8.8)).toBeGreaterThan(100 * sum(made('PB fines'), 8.5, 8.8));
    expect(sum(made('BOF slag'), 3.55, 3.85)).toBeGreaterThan(100 * sum(made('PB fines'), 3.55, 3.85));
    const ore = made('PB fines');
    expect(sum(ore, 12.65, 12.95)).toBeGreaterThan(5 * sum(ore, 12.0, 12.3));
  });
  test('weakens calcium more than zinc behind a film of water, and all with the gap', () => {
    const wet = { airMm: 13, waterFilmMm: 0.05 };
    const lost = (name: string, from: number, to: number) =>
      1 - sum(made(name, wet), from, to) / sum(made(name), from, to);
    expect(lost('BOF slag', 3.55, 3.85)).toBeGreaterThan(2 * lost('EAF dust', 8.5, 8.8));
    expect(gapFactor(usualXrf, 20)).toBeLessThan(gapFactor(usualXrf, 12));
  });
});
