import { describe, expect, test } from 'vitest';
import { XrayAttenuation } from '#models/physics/ore/attenuation';
import { Fluorescence } from '#models/physics/ore/fluorescence';
import { elementsOf } from '#models/physics/ore/materials';
import { Random } from '#models/physics/xray/random';
import { concentrations, fitInfluence, type Standard } from './influence.ts';

const analytes = ['Ca', 'Ti', 'Mn', 'Fe', 'Zn'];
const fluorescence = new Fluorescence(new XrayAttenuation());
const beam = { lines: [{ energyKeV: 20.2, photons: 1e6 }], incidentDeg: 45, takeOffDeg: 45 };

/** Drawn ores and slags with the intensities that Sherman's equation gives them. */
function standards(count: number, seed: number): Standard[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const massPct = {
      Fe: random.between(20, 66),
      SiO2: random.between(2, 8),
      CaO: random.between(0.5, 20),
      Mn: random.between(0.05, 3),
      Ti: random.between(0.05, 3),
      Zn: random.between(0.01, 2),
    };
    const fractions = elementsOf(massPct);
    const lines = fluorescence.emissions(fractions, beam);
    const intensities = Object.fromEntries(
      analytes.map((element) => {
        const line = lines.find((one) => one.element === element && one.group.name === 'Ka');
        return [element, line ? line.primary + line.secondary : 0];
      }),
    );
    return { intensities, fractions };
  });
}

describe('influence coefficients', () => {
  const influences = analytes.map((analyte) => fitInfluence(analyte, analytes, standards(40, 1)));
  const fresh = standards(60, 2);
  const error = (element: string, of: (one: Standard) => number) =>
    Math.sqrt(
      fresh.reduce((sum, one) => sum + (of(one) / (one.fractions[element] ?? 1) - 1) ** 2, 0) / fresh.length,
    );

  test.each(analytes)(
    'bring %s of ores that were not among the standards within 5 percent of Sherman',
    (element) => {
      const corrected = error(
        element,
        ({ intensities }) => concentrations(influences, intensities)?.[element] ?? Number.NaN,
      );
      expect(corrected).toBeLessThan(0.05);
      const plain = fitInfluence(element, [], standards(40, 1));
      const alone = error(element, ({ intensities }) => plain.sensitivity * (intensities[element] ?? 0));
      expect(corrected).toBeLessThan(alone / 2);
    },
  );

  test('are refused with too few standards, and give nothing that runs away', () => {
    expect(() => fitInfluence('Fe', analytes, standards(5, 3))).toThrow(RangeError);
    const wild = [{ analyte: 'Fe', sensitivity: 1, alphas: { Fe: 5 } }];
    expect(concentrations(wild, { Fe: 1 })).toBeUndefined();
  });
});
