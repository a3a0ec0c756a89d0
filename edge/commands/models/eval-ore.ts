import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedBundle } from '#models/bundle/load';
import { evaluateWindows } from '#models/ore/fleet/evaluate';
import { OreJudge } from '#models/ore/judge';
import type { OreTables } from '#models/ore/tables';
import { openOreWorld } from '#models/physics/ore/berth';
import { exitOf, tell } from '../berth/print.ts';
import type { CommandIo } from '../command.ts';

/** Of ore that nothing was trained or calibrated on, nor any fleet in the documents. */
const seed = 31;
const lotsOfBrand = { usual: 8, quick: 1 } as const;

/** Figures of a bundle's ore models window by window: detection, class, brand and composition; 1 when something that was to be reached was not. */
export async function evaluateOre(
  { folder, manifest }: LoadedBundle,
  asked: { readonly quick: boolean; readonly json: boolean },
  io: CommandIo,
): Promise<number> {
  io.stderr.write('Simulated ore alone. Whole lots are looked at by `berth fleet`.\n');
  const judge = new OreJudge(JSON.parse(await readFile(join(folder, manifest.model), 'utf8')) as OreTables);
  const lots = lotsOfBrand[asked.quick ? 'quick' : 'usual'];
  const figures = await evaluateWindows(openOreWorld(), judge, seed, lots, io.signal);
  tell(figures, asked.json, io);
  return io.signal.aborted ? 1 : exitOf(figures);
}
