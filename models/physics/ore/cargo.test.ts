import { describe, expect, test } from 'vitest';
import { Random } from '../xray/random.ts';
import { idealNir, NirLibrary } from './belt-nir.ts';
import { blended, CargoLot, drawWaste } from './cargo.ts';
import { readEndMembers } from './end-members.ts';
import { readMaterials } from './materials.ts';
import { analysisOf, mineralsOf } from './minerals.ts';
import { mixture } from './reflectance.ts';

const materials = readMaterials();
const { brands, wastes } = materials;
const named = <One extends { readonly name: string }>(of: readonly One[], name: string): One => {
  const found = of.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe('minerals', () => {
  test('of every brand give its analysis back', () => {
    for (const brand of brands) {
      const minerals = mineralsOf(brand);
      const found = analysisOf(minerals);
      for (const oxide of ['Fe', 'SiO2', 'Al2O3', 'LOI'])
        expect(found[oxide], `${oxide} of ${brand.name}`).toBeCloseTo(brand.massPct[oxide] ?? 0, 1);
      const sum = Object.values(minerals).reduce((all, share) => all + share, 0);
      expect(sum, brand.name).toBeGreaterThan(0.95);
      expect(sum, brand.name).toBeLessThan(1.01);
    }
  });
});

describe('a lot', () => {
  const iron = (seed: number) => {
    const lot = new CargoLot(named(brands, 'PB fines'), new Random(seed));
    return Array.from({ length: 400 }, () => lot.next(5).massPct.Fe ?? 0);
  };
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const deviation = (of: readonly number[]) => Math.sqrt(mean(of.map((value) => (value - mean(of)) ** 2)));
  test('varies in itself and from others as ore does, and is the same for its seed', () => {
    const lots = Array.from({ length: 30 }, (_, seed) => iron(seed));
    expect(iron(4)).toEqual(lots[4]);
    expect(deviation(lots.map(mean))).toBeGreaterThan(0.2);
    expect(deviation(lots.map(mean))).toBeLessThan(0.8);
    expect(mean(lots.map(deviation))).toBeGreaterThan(0.25);
    expect(mean(lots.map(deviation))).toBeLessThan(0.8);
    expect(Math.abs(mean(lots.map(mean)) - 61.6)).toBeLessThan(0.3);
  });
  test('resembles itself over some tonnes and no longer over thousands', () => {
    const like = (step: number) =>
      mean(
        Array.from({ length: 12 }, (_, seed) => {
          const values = iron(seed);
          const pairs = values.slice(step).map((value, i) => [value, values[i] ?? 0] as const);
          return (
            mean(pairs.map(([a, b]) => (a - mean(values)) * (b - mean(values)))) / deviation(values) ** 2
          );
        }),
      );
    expect(like(1)).toBeGreaterThan(0.5);
    expect(Math.abs(like(150))).toBeLessThan(0.25);
  });
  test('with waste has its share of both', () => {
    const ore = new CargoLot(named(brands, 'PB fines'), new Random(1)).next(5);
    const slag = drawWaste(named(wastes, 'BOF slag'), new Random(2));
    const mix = blended(ore, slag, 0.2);
    expect(mix.massPct.CaO).toBeCloseTo(0.8 * (ore.massPct.CaO ?? 0) + 0.2 * (slag.massPct.CaO ?? 0), 9);
    const shares = [...mix.reflecting.values()].reduce((sum, share) => sum + share, 0);
    expect(shares).toBeGreaterThan(0.9);
    expect(blended(ore, slag, 0)).toBe(ore);
  });
});

describe('near-infrared over the belt', () => {
  const members = readEndMembers(materials);
  const library = new NirLibrary(members);
  const at = (nm: number) => library.axis.findIndex((place) => place >= nm);
  const seen = (shares: ReadonlyMap<string, number>, water = 0) => {
    const into = new Float64Array(library.axis.length);
    library.reflectance(library.shares(shares), water, into);
    return into;
  };
  test('is the full mixture by Kubelka and Munk, to rounding', () => {
    const shares = new Map([
      ['hematite medium', 0.6],
      ['gibbsite', 0.4],
    ]);
    const scattering: Record<string, number> = { 'hematite medium': 1, gibbsite: 1.6 };
    const parts = [...shares].map(([name, share]) => ({
      share,
      scattering: scattering[name] ?? 1,
      reflectance: members.reflectance.get(name) ?? new Float64Array(0),
    }));
    const whole = mixture(library.axis, parts, 0.08);
    const made = seen(shares, 0.08);
    for (let i = 0; i < made.length; i++) expect(made[i]).toBeCloseTo(whole[i] ?? 0, 9);
  });
  test('shows kaolinite at 2208 nm, water at 1940 nm, and that magnetite is dark', () => {
    const depth = (of: Float64Array, nm: number) =>
      1 - (of[at(nm)] ?? 0) / Math.max(of[at(nm - 80)] ?? 0, of[at(nm + 80)] ?? 0);
    const ore = seen(
      new Map([
        ['hematite medium', 0.9],
        ['kaolinite', 0.1],
      ]),
    );
    expect(depth(ore, 2210)).toBeGreaterThan(depth(seen(new Map([['hematite medium', 1]])), 2210) + 0.02);
    const wet = seen(new Map([['hematite fine', 1]]), 0.08);
    expect(depth(wet, 1940)).toBeGreaterThan(0.1);
    expect(seen(new Map([['magnetite', 1]]))[at(1600)]).toBeLessThan(0.1);
  });
  test('is tilted by an aged lamp, shifted by the axis, stepped where detectors meet', () => {
    const quiet = { normal: () => 0 };
    const measured = (change: Partial<typeof idealNir>) => {
      const into = seen(new Map([['goethite medium', 1]]));
      library.measure(into, { ...idealNir, ...change }, 1, quiet);
      return into;
    };
    const plain = measured({});
    expect((measured({ lampLossK: 60 })[0] ?? 0) / (plain[0] ?? 1)).toBeLessThan(0.97);
    const stepped = measured({ steps: [0.02, 0] });
    expect((stepped[at(990)] ?? 0) / (plain[at(990)] ?? 1)).toBeCloseTo(1.02, 6);
    expect(stepped[at(1010)]).toBe(plain[at(1010)]);
    expect(measured({ shiftNm: 5 })).not.toEqual(plain);
  });
});
