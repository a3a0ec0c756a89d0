import { readTable } from '../table-file.ts';
import { OreJudge } from './judge.ts';
import type { OreTables } from './tables.ts';

/** The tables that are committed (make/train.ts makes them again). */
export const readOreTables = (): OreTables => readTable<OreTables>('tables/tables.json', import.meta.url);

export const openOreJudge = (): OreJudge => new OreJudge(readOreTables());
