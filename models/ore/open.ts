import { readTable } from '../table-file.ts';
import { OreJudge } from './judge.ts';
import type { OreTables } from './tables.ts';

/** The tables of the repository's bundle, models/iron-ore (make/train.ts and make/bundle.ts make it again). */
export const readOreTables = (): OreTables =>
  readTable<OreTables>('../iron-ore/tables.json', import.meta.url);

export const openOreJudge = (): OreJudge => new OreJudge(readOreTables());
