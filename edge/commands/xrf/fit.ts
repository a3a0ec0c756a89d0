import { describeProblem, type Problem } from '#flows/fault';
import { faults } from '#models/xrf/faults';
import { type Identification, identify } from '#models/xrf/identify';
import { readLines } from '#models/xrf/lines';
import { energyAt } from '#models/xrf/response';
import type { RawSpectrum } from '#models/xrf/spectrum-file';
import { type CommandIo, UsageError, write } from '../command.ts';
import { shortened, writePicture } from '../picture-file.ts';
import { spectraOf } from './read.ts';

export interface FitCall {
  readonly file: string;
  readonly calibration: readonly number[] | undefined;
  readonly excitationKeV: number | undefined;
  readonly elements: readonly string[] | undefined;
  readonly confidence: number;
  /** Tell in rows what is not claimed as well. */
  readonly all: boolean;
  /** File for what a picture of the first spectrum needs, as JSON. */
  readonly picture: string | undefined;
}

/** Energies that X-ray fluorescence has. */
const widest = [2, 250] as const;

function analyse({ counts, calibration }: RawSpectrum, call: FitCall): Identification {
  const [offset, gain, bend = 0] = call.calibration ?? calibration ?? [];
  if (offset === undefined || gain === undefined) throw faults.fault('xrf.calibration', {}, call.file);
  const end = offset + counts.length * (gain + counts.length * bend);
  if (!(end > widest[0] && end < widest[1] && offset < 5)) {
    throw faults.fault('xrf.range', { from: offset.toFixed(3), to: end.toFixed(3) }, call.file);
  }
  const { excitationKeV, elements, confidence } = call;
  return identify(counts, { calibration: [offset, gain, bend], excitationKeV, elements, confidence });
}

/** What is worth knowing and no claim. */
function remarks({ elements, unassignedKeV, tubeLines }: Identification, file: string): Problem[] {
  const possible = elements
    .filter(({ claimed }) => !claimed)
    .map(({ element, line, energyKeV, area, areaSigma }) => {
      const fields = { element, line, energy: energyKeV.toFixed(3), sigmas: (area / areaSigma).toFixed(1) };
      return faults.problem('xrf.possible', fields, file);
    });
  const rest = unassignedKeV.map((keV) => {
    const energy = keV.toFixed(2);
    const tube = tubeLines.find(({ energyKeV }) => energyKeV === keV);
    return tube
      ? faults.problem('xrf.tube', { energy, line: tube.line }, file)
      : faults.problem('xrf.unassigned', { energy }, file);
  });
  return [...possible, ...rest];
}

/** Counts, continuum and fit by energy, and what was found. */
const fitPicture = (
  counts: Float64Array,
  { response, curves, elements, unassignedKeV, tubeLines }: Identification,
) => ({
  energyKeV: shortened(Float64Array.from(counts, (_, i) => energyAt(response, i))),
  counts: shortened(counts),
  baseline: shortened(curves.baseline),
  model: shortened(curves.model),
  elements,
  unassignedKeV,
  tubeLines,
});

/** A line for each element that is claimed, by energy; what else was seen goes to standard error. */
export async function fitFile(call: FitCall, io: CommandIo): Promise<number> {
  const known = readLines();
  const strange = call.elements?.find((symbol) => !known.has(symbol));
  if (strange !== undefined) throw new UsageError(`${strange} is no element from neon to uranium.`);
  const spectra = await spectraOf(call.file);
  for (const [index, spectrum] of spectra.entries()) {
    if (io.signal.aborted) return 1;
    const found = analyse(spectrum, call);
    if (index === 0 && call.picture !== undefined)
      await writePicture(call.picture, fitPicture(spectrum.counts, found));
    for (const { claimed, ...row } of found.elements) {
      if (!claimed && !call.all) continue;
      const about = { confidence: call.confidence, ...(call.all && { claimed }) };
      const said = { ...row, ...about, ...(spectra.length > 1 && { index }) };
      await write(io.stdout, `${JSON.stringify(said)}\n`);
    }
    for (const problem of remarks(found, call.file)) io.stderr.write(`${describeProblem(problem)}\n`);
    const { response, excitationKeV, scatterKeV, candidates } = found;
    const scatter = scatterKeV
      ? `, scattered radiation from ${scatterKeV.map((energy) => energy.toFixed(2)).join(' to ')} keV left out`
      : '';
    io.stderr.write(
      `${candidates} series looked for below ${excitationKeV.toFixed(2)} keV${scatter}; energies ${response.offsetKeV.toFixed(4)} + ${response.gainKeV.toFixed(6)} keV a channel after the fit.\n`,
    );
  }
  return 0;
}
