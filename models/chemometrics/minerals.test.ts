import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NirEngine } from './engine.ts';
import { type Matrix, matrix, matrixOf, rowOf } from './matrix.ts';
import { fitModel } from './spectral-model.ts';

const file = new URL('../../../shared/data/spectra/usgs_endmembers.json', import.meta.url);

interface Library {
  readonly wavelength_nm: readonly number[];
  readonly spectra: readonly { readonly name: string; readonly r: readonly number[] }[];
}

const minerals = ['Hematite', 'Goethite', 'Kaolinite', 'Calcite', 'Quartz', 'Magnetite', 'Gypsum'];

/** Spectra of the minerals that the library has at least four of, in order of wavelength. */
function samples() {
  const { wavelength_nm, spectra } = JSON.parse(readFileSync(file, 'utf8')) as Library;
  const order = [...wavelength_nm.keys()].sort((a, b) => (wavelength_nm[a] ?? 0) - (wavelength_nm[b] ?? 0));
  const whole = spectra.filter(({ r }) => r.every((value) => value > 0 && value < 1.5));
  const found = whole.flatMap(({ name, r }) => {
    const mineral = minerals.find((one) => name.startsWith(one));
    return mineral ? [{ mineral, values: order.map((at) => r[at] ?? 0) }] : [];
  });
  return found.filter(({ mineral }) => found.filter((other) => other.mineral === mineral).length >= 4);
}

/** Membership of each class, 0 or 1. */
function membership(of: readonly string[], classes: readonly string[]): Matrix {
  const made = matrix(of.length, classes.length);
  for (const [row, one] of of.entries()) made.data[row * classes.length + classes.indexOf(one)] = 1;
  return made;
}

describe.skipIf(!existsSync(file))(
  'minerals of the USGS library (skipped where shared data are absent)',
  () => {
    test('are told apart by spectra that were never used', { timeout: 60_000 }, () => {
      const all = samples();
      const classes = [...new Set(all.map(({ mineral }) => mineral))].sort();
      expect(classes.length).toBeGreaterThanOrEqual(3);
      let right = 0;
      const wrong: string[] = [];
      // Every fifth is left out in turn.
      for (let fold = 0; fold < 5; fold++) {
        const inside = all.filter((_, i) => i % 5 !== fold);
        const spectra = matrixOf(inside.map(({ values }) => values));
        const values = membership(
          inside.map(({ mineral }) => mineral),
          classes,
        );
        const preprocessing = {
          absorbance: true,
          snv: true,
          savitzkyGolay: { window: 7, order: 2, derivative: 1 },
        };
        const engine = new NirEngine(fitModel(spectra, values, preprocessing, 10));
        const found = engine.place();
        for (const { mineral, values } of all.filter((_, i) => i % 5 === fold)) {
          engine.predict(rowOf(matrixOf([values]), 0), found);
          const best = classes[found.values.indexOf(Math.max(...found.values))];
          if (best === mineral) right += 1;
          else wrong.push(`${mineral} as ${best}`);
        }
      }
      expect(right / all.length, wrong.join(', ')).toBeGreaterThan(0.9);
    });
  },
);
