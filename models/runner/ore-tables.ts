import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OreJudge } from '../ore/judge.ts';
import { PictureJudge } from '../ore/pictures.ts';
import type { OreTables } from '../ore/tables.ts';
import { runTables } from '../ore/tensors.ts';
import type { Candidate, EngineSetup } from './engine.ts';

/** Tables of the ore models: our own arithmetic, on the CPU alone. */
export function tablesCandidates({ folder, manifest }: EngineSetup): Candidate[] {
  return [
    {
      provider: 'cpu',
      async open() {
        const text = await readFile(join(folder, manifest.model), 'utf8');
        const tables = JSON.parse(text) as OreTables;
        const [judge, pictures] = [new OreJudge(tables), new PictureJudge(tables.pictures)];
        return {
          provider: 'cpu',
          run: (feeds) => Promise.resolve(runTables(judge, pictures, feeds)),
          close: () => Promise.resolve(),
        };
      },
    },
  ];
}
