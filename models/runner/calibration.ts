import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCalibration } from '../chemometrics/calibration-file.ts';
import { runCalibration } from '../chemometrics/calibration-tensors.ts';
import { Predictor } from '../chemometrics/predictor.ts';
import type { Candidate, EngineSetup } from './engine.ts';

/** A laboratory's calibration: our own arithmetic, on the CPU alone. */
export function calibrationCandidates({ folder, manifest }: EngineSetup): Candidate[] {
  return [
    {
      provider: 'cpu',
      async open() {
        const file = join(folder, manifest.model);
        const predictor = new Predictor(readCalibration(await readFile(file, 'utf8'), file));
        return {
          provider: 'cpu',
          run: (feeds) => Promise.resolve(runCalibration(predictor, feeds)),
          close: () => Promise.resolve(),
        };
      },
    },
  ];
}
