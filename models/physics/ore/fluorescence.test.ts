import { describe, expect, test } from 'vitest';
import { Random } from '../xray/random.ts';
import { air, airGramsPerCm3, water, XrayAttenuation } from './attenuation.ts';
import { type Beam, Fluorescence } from './fluorescence.ts';

const attenuation = new XrayAttenuation();
const fluorescence = new Fluorescence(attenuation);
const beam = (energyKeV: number): Beam => ({
  lines: [{ energyKeV, photons: 1 }],
  incidentDeg: 45,
  takeOffDeg: 45,
});
const hematite = { Fe: 0.6994, O: 0.3006 };
const of = (ore: Readonly<Record<string, number>>, energyKeV: number, element: string, name = 'Ka') => {
  const found = fluorescence
    .emissions(ore, beam(energyKeV))
    .find((one) => one.element === element && one.group.name === name);
  return found ?? { primary: Number.NaN, secondary: Number.NaN, energyKeV: Number.NaN };
};

describe('what lies over the ore', () => {
  test.each([
    [4, 77.88, 82.78],
    [6, 23.41, 24.64],
    [10, 5.12, 5.329],
  ])('absorbs %d keV as NIST has it (XAAMDI, cm2/g)', (energy, ofAir, ofWater) => {
    expect(attenuation.total(air, energy) / ofAir).toBeCloseTo(1, 1);
    expect(attenuation.total(water, energy) / ofWater).toBeCloseTo(1, 1);
  });

  test('lets through what Beer and Lambert say, along the way through the film', () => {
    const film = fluorescence.transmission({ airMm: 0, waterFilmMm: 0.1, takeOffDeg: 45 }, 6.4);
    expect(film).toBeCloseTo(0.75, 2);
    expect(fluorescence.transmission({ airMm: 10, waterFilmMm: 0, takeOffDeg: 45 }, 6.4)).toBeCloseTo(
      0.975,
      2,
    );
  });

  test('is no air at all where there is none', () => {
    expect(fluorescence.transmission({ airMm: 0, waterFilmMm: 0, takeOffDeg: 45 }, 6.4)).toBe(1);
    expect(attenuation.total(air, 6.4) * airGramsPerCm3).toBeGreaterThan(0);
    expect(attenuation.total(water, 6.4)).toBeGreaterThan(10);
  });
});

describe('fluorescence', () => {
  test('of a pure element grows with the absorption that excites it', () => {
    expect(of({ Fe: 1 }, 7.5, 'Fe').primary).toBeGreaterThan(of({ Fe: 1 }, 20, 'Fe').primary);
    expect(fluorescence.emissions({ Fe: 1 }, beam(7)).filter(({ series }) => series === 'K')).toEqual([]);
  });

  test('of calcium is weakened by the iron around it', () => {
    const slag = { Ca: 0.3, O: 0.5, Si: 0.2 };
    const ore = { Ca: 0.3, O: 0.3, Fe: 0.4 };
    expect(of(ore, 20, 'Ca').primary).toBeLessThan(of(slag, 20, 'Ca').primary);
  });

  test('of iron is helped by nickel, whose lines are above its edge, and not by manganese', () => {
    const [helped, alone] = [of({ Fe: 0.1, Ni: 0.9 }, 20, 'Fe'), of({ Fe: 0.1, Mn: 0.9 }, 20, 'Fe')];
    expect(helped.secondary / helped.primary).toBeGreaterThan(0.2);
    expect(helped.secondary / helped.primary).toBeLessThan(1.5);
    expect(alone.secondary).toBe(0);
  });

  test('excited by other lines is what photons followed one by one make of it', () => {
    // Photons of 20 keV enter nickel with iron; what nickel sends out is followed to where iron takes it.
    const ore = { Fe: 0.1, Ni: 0.9 };
    const sine = Math.SQRT1_2;
    const mu = (energy: number) => attenuation.total(ore, energy);
    const random = new Random(3);
    const own = of(ore, 20, 'Fe');
    const parts = (['Ka', 'Kb'] as const).map((name) => {
      const { energyKeV, primary } = of(ore, 20, 'Ni', name);
      // The source at depth z per photon, so that its primary is that of the equation.
      const sent = primary * (mu(20) / sine + mu(energyKeV) / sine);
      const tau = attenuation.of('Fe', energyKeV, 'photoelectric');
      let sum = 0;
      const count = 40_000;
      for (let i = 0; i < count; i++) {
        const depth = (-Math.log(1 - random.next()) * sine) / mu(20);
        const cosine = random.between(-1, 1);
        const length = -Math.log(1 - random.next()) / mu(energyKeV);
        const end = depth + length * cosine;
        if (end > 0) sum += Math.exp((-mu(own.energyKeV) * end) / sine);
      }
      return (((sent * sine) / mu(20)) * 0.1 * tau * (sum / count)) / mu(energyKeV);
    });
    const share =
      own.primary /
      ((0.1 * attenuation.of('Fe', 20, 'photoelectric')) / (mu(20) / sine + mu(own.energyKeV) / sine));
    const followed = share * parts.reduce((total, part) => total + part, 0);
    expect(own.secondary / followed).toBeGreaterThan(0.96);
    expect(own.secondary / followed).toBeLessThan(1.04);
  });

  test('of hematite comes from a depth as computed by xraylib', () => {
    // 95 % of Fe Ka of hematite (5.2 g/cm3) under 20 keV and 45 degrees.
    const depthUm =
      (3 / ((attenuation.total(hematite, 20) + attenuation.total(hematite, 6.4)) / Math.SQRT1_2) / 5.2) * 1e4;
    expect(depthUm).toBeGreaterThan(48);
    expect(depthUm).toBeLessThan(60);
  });
});
