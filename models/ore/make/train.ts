import { readFileSync, writeFileSync } from 'node:fs';
import { readMaterials } from '../../physics/ore/materials.ts';
import { BrandSpace } from '../brand-space.ts';
import { spectralFeatures } from '../features.ts';
import type { BrandTable, OreTables, PictureTables, Regression } from '../tables.ts';
import { tailOf } from '../tail.ts';
import { heldRows, withErrors } from './fit-errors.ts';
import { fitImpurity, type Sample } from './fit-impurity.ts';
import { fitLots } from './fit-lots.ts';
import { fitRegression } from './fit-regression.ts';
import { fitSpace } from './fit-space.ts';
import { fitTails } from './fit-tails.ts';
import { rowsOf } from './row-file.ts';
import { berthOf, type Row } from './rows.ts';

/**
 * Makes the tables of the ore models from what simulate.ts and simulate-pictures.ts have written.
 *
 *   node dist/models/ore/make/train.js FOLDER OUT.json
 */
const [folder = 'ore-rows', out = 'tables.json'] = process.argv.slice(2);
/** Left out of the calibration for brands that are not known, so that it can be judged by them. */
const heldOut = ['MAC fines', 'India 62', 'SSFG'];
/** Every so many windows of each brand are enough for the calibration of any brand. */
const everyForAny = 3;
const everyBerthForAny = 3;

const { brands, wastes } = readMaterials();
const names = wastes.map(({ name }) => name);
const read = (set: string, place: number): Row[] => rowsOf(readFileSync(`${folder}/${set}-${place}.bin`));
const clean = (rows: readonly Row[]) => rows.filter(({ admixture }) => admixture === undefined);
const noTail = tailOf([]);

const made: (Omit<BrandTable, 'regression'> & Parameters<typeof withErrors>[0][number])[] = [];
const samples: Sample[] = [];
const [any, anyHeld, anyExposed]: [Row[], Row[], Row[]] = [[], [], []];
for (const [place, { name }] of brands.entries()) {
  const [training, calibration, exposed] = [
    read('training', place),
    read('calibration', place),
    read('exposed', place),
  ];
  const table = {
    name,
    ...fitSpace(training, wastes.length),
    calibration: fitRegression(clean(training), calibration),
    held: heldRows(calibration, 'calibration'),
    exposed: heldRows(exposed, 'exposed'),
    tails: { known: noTail, lines: noTail, t2: noTail, brand: noTail },
  };
  made.push(table);
  const space = new BrandSpace(table, wastes.length);
  for (const { features, admixture } of training) {
    if (admixture && admixture.share < 0.1) continue;
    const plain = new Float64Array(spectralFeatures);
    space.plain(features, plain);
    samples.push({ plain, class: admixture ? admixture.waste + 1 : 0 });
  }
  if (!heldOut.includes(name)) {
    any.push(...clean(training).filter((_, i) => i % everyForAny === 0));
    // Whole lots of whole berths: the variogram goes by neighbours, and samples of one lot set another.
    anyHeld.push(...calibration.filter(({ lot }) => berthOf(lot) % everyBerthForAny === 0));
    anyExposed.push(...exposed);
  }
  process.stderr.write(`${name}\n`);
}
const regressions = withErrors(made);
const [anyBrand] = withErrors([
  {
    calibration: fitRegression(any, anyHeld),
    held: heldRows(anyHeld, 'calibration'),
    exposed: heldRows(anyExposed, 'exposed'),
  },
]);
const spaces = made.map((table) => new BrandSpace(table, wastes.length));
const tailed = spaces.map((space, place) => {
  const found = fitTails(space, spaces, wastes.length, read('whole', place));
  process.stderr.write(`tails of ${brands[place]?.name}\n`);
  return found;
});
const lotsOf = (stage: 'brand' | 'slag') => fitLots(tailed.flatMap(({ surprises }) => surprises[stage]));
const tables: OreTables = {
  version: '0.4.0',
  wastes: names,
  brands: made.map(({ calibration: _, held: __, exposed: ___, ...table }, place) => ({
    ...table,
    regression: regressions[place] as Regression,
    tails: tailed[place]?.tails ?? table.tails,
  })),
  anyBrand: anyBrand as Regression,
  anyBrandHeldOut: heldOut,
  lots: { brand: lotsOf('brand'), slag: lotsOf('slag') },
  impurity: fitImpurity(['clean', ...names], samples),
  pictures: JSON.parse(readFileSync(`${folder}/pictures.json`, 'utf8')) as PictureTables,
};
writeFileSync(out, `${JSON.stringify(tables, undefined, 1)}\n`);
