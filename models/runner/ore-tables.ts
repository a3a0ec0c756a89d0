import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OreJudge } from '../ore/judge.ts';
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
        const judge = new OreJudge(JSON.parse(text) as OreTables);
        return {
          provider: 'cpu',
          run: (feeds) => Promise.resolve(runTables(judge, feeds)),
          close: () => Promise.resolve(),
        };
      },
    },
  ];
}
