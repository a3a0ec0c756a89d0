import { describeProblem } from '#flows/fault';
import { loadCalibration } from '#models/chemometrics/bundle';
import { inputAxis } from '#models/chemometrics/calibration-file';
import { faults } from '#models/chemometrics/faults';
import { rowOf } from '#models/chemometrics/matrix';
import { Predictor } from '#models/chemometrics/predictor';
import { onAxis } from '#models/chemometrics/resample';
import { readSpectra } from '#models/chemometrics/tables';
import { type CommandIo, write } from '../command.ts';
import { Complaints } from '../complaints.ts';
import { textOf } from './files.ts';
import { tellUnsigned } from './unsigned.ts';

/** A line for each spectrum that is right; exit 1 when any is not. */
export async function predict(folder: string, file: string, io: CommandIo): Promise<number> {
  const { bundle, calibration } = await loadCalibration(folder);
  tellUnsigned(bundle, io);
  const table = readSpectra((await textOf(file)).text, file);
  const { spectra, resampled } = onAxis(table, inputAxis(calibration), file);
  if (resampled) io.stderr.write(`${describeProblem(faults.problem('calibration.resampled', {}, file))}\n`);
  const predictor = new Predictor(calibration);
  const complaints = new Complaints(io.stderr);
  const { t2Limit, qLimit, range, uncertainty } = calibration;
  for (let index = 0; index < spectra.rows; index++) {
    if (io.signal.aborted) return 1;
    const problem = table.problems.get(index);
    if (problem) {
      complaints.add(`spectrum ${index}`, problem.problem);
      continue;
    }
    const found = predictor.predict(rowOf(spectra, index));
    const outside = [
      ...(found.t2 > t2Limit ? ['t2'] : []),
      ...(found.q > qLimit ? ['q'] : []),
      ...(found.value < range[0] || found.value > range[1] ? ['range'] : []),
    ];
    const { value, lower, upper, t2, q } = found;
    const row = { index, value, lower, upper, t2, q, t2Limit, qLimit, outside };
    const said = {
      ...row,
      target: calibration.target,
      confidence: uncertainty.confidence,
      signed: bundle.signed,
    };
    await write(io.stdout, `${JSON.stringify(said)}\n`);
  }
  complaints.end();
  return complaints.count > 0 ? 1 : 0;
}
