import { readFileSync, writeFileSync } from 'node:fs';
import type { OreTables, PictureTables } from '../tables.ts';

/**
 * Puts the looks that simulate-pictures.ts has learnt into tables, whose models of spectra stay as they are.
 *
 *   node dist/models/ore/make/with-pictures.js FOLDER TABLES.json VERSION
 */
const [folder = 'ore-rows', file = 'tables.json', version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new RangeError('Say which version the tables are from now on.');
const tables = JSON.parse(readFileSync(file, 'utf8')) as OreTables;
const pictures = JSON.parse(readFileSync(`${folder}/pictures.json`, 'utf8')) as PictureTables;
writeFileSync(file, `${JSON.stringify({ ...tables, version, pictures }, undefined, 1)}\n`);
