import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { elementsOf, mixed, readMaterials } from './materials.ts';
import { measured, mixture, reflectanceOf, remission, waterAbsorption } from './reflectance.ts';

describe('brands and wastes', () => {
  const { brands, wastes } = readMaterials();
  test('are possible, each with its source', () => {
    for (const { name, massPct, source } of brands) {
      const { H2O: _, ...dry } = massPct;
      // Iron as its oxide, and what ignition drives out or takes up.
      const sum = Object.entries(dry).reduce(
        (all, [key, value]) => all + value * (key === 'Fe' ? 1.4297 : 1),
        0,
      );
      expect(sum, name).toBeGreaterThan(93);
      expect(sum, name).toBeLessThan(103);
      expect(source.length, name).toBeGreaterThan(10);
    }
    for (const { name, rangePct } of wastes)
      for (const [low, high] of Object.values(rangePct)) expect(low, name).toBeLessThanOrEqual(high);
    expect([brands.length, wastes.length]).toEqual([17, 10]);
  });

  test('mix by mass, and become elements that sum to one', () => {
    const [ore] = brands;
    const half = mixed([
      { share: 0.5, massPct: ore?.massPct ?? {} },
      { share: 0.5, massPct: { Fe: 20, CaO: 40 } },
    ]);
    expect(half.Fe).toBeCloseTo(42.5, 9);
    for (const { massPct } of brands) {
      const elements = elementsOf(massPct);
      expect(Object.values(elements).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(elements.O).toBeGreaterThan(0.25);
    }
    expect(() => elementsOf({ Fe: 80, SiO2: 60 })).toThrow(RangeError);
  });
});

describe('reflectance', () => {
  test('and remission are each the other turned around', () => {
    for (const r of [0.01, 0.2, 0.7, 0.99]) expect(reflectanceOf(remission(r))).toBeCloseTo(r, 12);
  });

  const wavelengths = Float64Array.of(970, 1200, 1450, 1700, 1940, 2200);
  const flat = (value: number) => new Float64Array(6).fill(value);
  test('of a mixture lies between its parts, and falls in the bands of water', () => {
    const parts = [
      { share: 0.5, scattering: 1, reflectance: flat(0.1) },
      { share: 0.5, scattering: 1, reflectance: flat(0.6) },
    ];
    const dry = mixture(wavelengths, parts);
    for (const value of dry) expect(value).toBeGreaterThan(0.1);
    for (const value of dry) expect(value).toBeLessThan(0.35);
    const wet = mixture(wavelengths, parts, 0.08);
    const loss = wet.map((value, i) => (dry[i] ?? 0) - value);
    expect(Math.max(...loss)).toBe(loss[4]);
    expect(loss[2]).toBeGreaterThan(loss[1] ?? 0);
    expect(waterAbsorption(1940)).toBe(115);
  });

  test('is tilted by an aged lamp and lifted by dust', () => {
    const none = { lampLossK: 0, dustLoss: 0, dustBack: 0, gain: 1 };
    expect([...measured(wavelengths, flat(0.3), none)]).toEqual([...flat(0.3)]);
    const aged = measured(wavelengths, flat(0.3), { ...none, lampLossK: 60 });
    expect(aged[0]).toBeLessThan(aged[5] ?? 0);
    expect(measured(wavelengths, flat(0), { ...none, dustLoss: 0.1, dustBack: 0.02 })[0]).toBeCloseTo(
      0.02,
      9,
    );
  });
});

const file = new URL('../../../../shared/data/spectra/usgs_endmembers.json', import.meta.url);
describe.skipIf(!existsSync(file))(
  'a mixture of real minerals (skipped where shared data are absent)',
  () => {
    test('of hematite with kaolinite shows both: dark at 870 nm, the band at 2208 nm', () => {
      const { wavelength_nm, spectra } = JSON.parse(readFileSync(file, 'utf8'));
      const named = (name: string) => {
        const found = spectra.find((one: { name: string }) => one.name.startsWith(name));
        return Float64Array.from(found.r as number[]);
      };
      const axis = Float64Array.from(wavelength_nm as number[]);
      const at = (of: Float64Array, nm: number) =>
        of[
          axis.reduce(
            (best, place, i) => (Math.abs(place - nm) < Math.abs((axis[best] ?? 0) - nm) ? i : best),
            0,
          )
        ] ?? 0;
      const [ore, clay] = [named('Hematite'), named('Kaolinite')];
      const made = mixture(axis, [
        { share: 0.9, scattering: 1, reflectance: ore },
        { share: 0.1, scattering: 2, reflectance: clay },
      ]);
      expect(at(made, 870)).toBeLessThan(at(clay, 870) / 2);
      const depth = (of: Float64Array) => 1 - at(of, 2208) / ((at(of, 2130) + at(of, 2260)) / 2);
      expect(depth(made)).toBeGreaterThan(depth(ore) + 0.01);
      expect(depth(made)).toBeLessThan(depth(clay));
    });
  },
);
