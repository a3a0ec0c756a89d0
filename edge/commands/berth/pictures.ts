import { evaluatePictures } from '#models/ore/fleet/picture-figures';
import { readOreTables } from '#models/ore/open';
import { PictureJudge } from '#models/ore/pictures';
import { openOreWorld } from '#models/physics/ore/berth';
import type { CommandIo } from '../command.ts';
import { exitOf, tell } from './print.ts';

export interface PicturesCall {
  readonly pictures: number;
  readonly seed: number;
  readonly json: boolean;
}

/** Prints figures of the models that look at pictures; 1 when something that was to be reached was not. */
export async function pictures({ pictures: each, seed, json }: PicturesCall, io: CommandIo): Promise<number> {
  io.stderr.write('Simulated pictures alone: rendered by models/physics/ore/belt-picture.ts.\n');
  const judge = new PictureJudge(readOreTables().pictures);
  const figures = await evaluatePictures(openOreWorld(), judge, {
    seed,
    pictures: each,
    signal: io.signal,
    onStep(what, step, of) {
      io.stderr.write(`${step} of ${of}: ${what}\n`);
    },
  });
  if (io.signal.aborted) io.stderr.write('Stopped: the figures are of what there was until then.\n');
  tell(figures, json, io);
  return io.signal.aborted ? 1 : exitOf(figures);
}
