import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analysed, lotSamples } from '#models/ore/fleet/samples';
import { openOreWorld } from '#models/physics/ore/berth';
import type { CommandIo } from '../command.ts';
import { brandOf } from './brand.ts';

export interface SamplesCall {
  readonly brand: string;
  readonly lots: number;
  readonly each: number;
  readonly berth: number;
  readonly seed: number;
  /** Folder that the two files go to. */
  readonly out: string;
}

const table = (header: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `${[header, ...rows].map((cells) => cells.join(',')).join('\n')}\n`;

/** Writes `spectra.csv` and `values.csv` of simulated samples, as `calibrate pls` takes them. */
export async function samples(call: SamplesCall, io: CommandIo): Promise<number> {
  const { lots, each, berth, seed, out } = call;
  io.stderr.write('Simulated ore and spectra alone: by models/physics/ore.\n');
  const world = openOreWorld();
  const found = lotSamples(world, { brand: brandOf(world, call.brand), berth, seed }, lots, each);
  await mkdir(out, { recursive: true });
  const spectra = found.map(({ reflectance }) => Array.from(reflectance, (value) => value.toFixed(5)));
  const values = found.map(({ lot, said }) => [lot, ...analysed.map((name) => said[name].toFixed(3))]);
  await writeFile(join(out, 'spectra.csv'), table(Array.from(world.nir.axis, String), spectra));
  await writeFile(join(out, 'values.csv'), table(['lot', ...analysed], values));
  io.stdout.write(
    `${found.length} samples of ${lots} lots: ${join(out, 'spectra.csv')}, ${join(out, 'values.csv')}\n`,
  );
  return 0;
}
