import { loadCalibration } from '#models/chemometrics/bundle';
import { StreamCalibration } from '#models/chemometrics/in-stream';
import { evaluateCalibration } from '#models/ore/fleet/calibration-figures';
import { openOreWorld } from '#models/physics/ore/berth';
import type { CommandIo } from '../command.ts';
import { brandOf } from './brand.ts';
import { exitOf, tell } from './print.ts';

export interface CalibrationCall {
  readonly bundle: string;
  readonly brand: string;
  readonly lots: number;
  readonly berth: number;
  readonly seed: number;
  readonly json: boolean;
}

/** Prints what a laboratory's calibration reaches on simulated lots, on the way that a flow uses it. */
export async function calibration(call: CalibrationCall, io: CommandIo): Promise<number> {
  io.stderr.write('Simulated ore and spectra alone: by models/physics/ore.\n');
  const { bundle } = await loadCalibration(call.bundle);
  const world = openOreWorld();
  const { lots, berth, seed, json } = call;
  const brand = brandOf(world, call.brand);
  const figures = await evaluateCalibration(world, StreamCalibration.of(bundle), {
    ...{ lots, berth, seed, brand },
    signal: io.signal,
  });
  if (io.signal.aborted) io.stderr.write('Stopped: the figures are of what there was until then.\n');
  tell(figures, json, io);
  return io.signal.aborted ? 1 : exitOf(figures);
}
