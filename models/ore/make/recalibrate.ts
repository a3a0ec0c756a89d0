import { readFileSync, writeFileSync } from 'node:fs';
import { readMaterials } from '../../physics/ore/materials.ts';
import type { OreTables, PictureTables, Regression } from '../tables.ts';
import { heldRows, withErrors } from './fit-errors.ts';
import { rowsOf } from './row-file.ts';
import type { Row } from './rows.ts';

/**
 * Estimates anew how far the calibrations err, from rows of the sets `calibration` and `exposed` (simulate.ts); all else of the tables stays, but for what pictures look like where a new
 * file of that is given (simulate-pictures.ts).
 *
 *   node dist/models/ore/make/recalibrate.js FOLDER TABLES.json OUT.json VERSION [PICTURES.json]
 */
const [folder = 'ore-rows', from = '', out = '', version = '', pictures] = process.argv.slice(2);
const tables = JSON.parse(readFileSync(from, 'utf8')) as OreTables;
const places = new Map(readMaterials().brands.map(({ name }, place) => [name, place]));
const read = (set: 'calibration' | 'exposed', names: readonly string[]) =>
  heldRows(
    names.flatMap((name): Row[] => rowsOf(readFileSync(`${folder}/${set}-${places.get(name)}.bin`))),
    set,
  );
const judged = (calibration: Regression, names: readonly string[]) => ({
  calibration,
  held: read('calibration', names),
  exposed: read('exposed', names),
});
const names = tables.brands.map(({ name }) => name);
const known = names.filter((name) => !tables.anyBrandHeldOut.includes(name));
const brands = withErrors(tables.brands.map(({ name, regression }) => judged(regression, [name])));
const [anyBrand = tables.anyBrand] = withErrors([judged(tables.anyBrand, known)]);
const done: OreTables = {
  ...tables,
  version,
  brands: tables.brands.map((table, i) => ({ ...table, regression: brands[i] ?? table.regression })),
  anyBrand,
  pictures:
    pictures === undefined ? tables.pictures : (JSON.parse(readFileSync(pictures, 'utf8')) as PictureTables),
};
writeFileSync(out, `${JSON.stringify(done, undefined, 1)}\n`);
