import { evaluateRadiation } from '#models/ore/fleet/radiation-figures';
import type { CommandIo } from '../command.ts';
import { shippedPolicy } from './policy.ts';
import { exitOf, tell } from './print.ts';

export interface RadiationCall {
  readonly lots: number;
  readonly seed: number;
  readonly json: boolean;
}

/** Prints what the radiation monitor makes of lots with and without a source; 1 when something that was to be reached was not. */
export async function radiation({ lots, seed, json }: RadiationCall, io: CommandIo): Promise<number> {
  io.stderr.write('Simulated spectra alone: by models/physics/ore/gamma.ts.\n');
  const { radiation: policy } = shippedPolicy();
  const figures = await evaluateRadiation({ lots, seed, policy, signal: io.signal });
  if (io.signal.aborted) io.stderr.write('Stopped: the figures are of what there was until then.\n');
  tell(figures, json, io);
  return io.signal.aborted ? 1 : exitOf(figures);
}
