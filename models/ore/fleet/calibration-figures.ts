import { setImmediate as turn } from 'node:timers/promises';
import { joinSums, sumsOf, type ValueSums } from '#flows/ore/lot-fold';
import { lotValue } from '#flows/ore/lot-interval';
import { addPrediction, type OwnSums, ownValue } from '#flows/ore/own-values';
import type { SpectralCalibration, SpectrumMessage } from '#flows/spectral-calibration';
import type { OreWorld } from '../../physics/ore/berth.ts';
import { type Figure, rootMeanSquare, shareFigure } from './figures.ts';
import { lotRuns, type Sampling, seenWindow } from './samples.ts';
import { shareOf } from './share.ts';

/** Windows of an increment, and increments of a lot: 20 t, and 1,000 t. */
const [windows, increments] = [4, 50] as const;
const half = (sigma: number, bias: number) => 1.96 * Math.hypot(sigma, bias);

/** What one lot came to: errors and half intervals, percent. */
interface LotTold {
  readonly spectra: number;
  readonly inside: number;
  readonly windowErrors: readonly number[];
  readonly windowsHeld: number;
  readonly incrementsHeld: readonly boolean[];
  readonly lot?: { readonly error: number; readonly held: boolean };
}

export interface CalibrationEvaluation extends Sampling {
  readonly lots: number;
  readonly signal: AbortSignal;
}

function spectrumOf(axis: Float64Array, values: Float64Array): SpectrumMessage {
  const [start = 0, second = 1] = axis;
  return {
    kind: 'spectrum',
    quality: 'good',
    attributes: {},
    technique: 'nir',
    axis: { unit: 'nm', start, step: second - start },
    values: [...values],
  };
}

/** A lot through a calibration as the stage of a flow does it: windows, increments and the lot's sums. */
function toldOf(
  world: OreWorld,
  calibration: SpectralCalibration,
  run: ReturnType<typeof lotRuns> extends Generator<infer R> ? R : never,
): LotTold {
  const { target } = calibration;
  const [windowErrors, incrementsHeld] = [[] as number[], [] as boolean[]];
  let [spectra, inside, windowsHeld, trueSum] = [0, 0, 0, 0];
  let folded: ValueSums | undefined;
  for (let increment = 0; increment < increments; increment++) {
    const own: OwnSums = {};
    const range = { from: increment * windows, to: (increment + 1) * windows };
    let truth = 0;
    for (let window = range.from; window < range.to; window++) {
      const seen = run.near(seenWindow.massT, seenWindow.seconds);
      const was = seen.truth.massPct[target] ?? Number.NaN;
      truth += was / windows;
      const prediction = calibration.predict(spectrumOf(world.nir.axis, seen.reflectance));
      spectra += 1;
      if (prediction.outside.length > 0) continue;
      inside += 1;
      windowErrors.push(prediction.value - was);
      windowsHeld += was >= prediction.lower && was <= prediction.upper ? 1 : 0;
      addPrediction(own, calibration, window, prediction);
    }
    trueSum += truth;
    const value = ownValue(own, calibration.id, '%', { windows: range });
    if (typeof value === 'string') continue;
    incrementsHeld.push(Math.abs(value.value - truth) <= half(value.sigma, value.bias));
    const sums = sumsOf({ ...value, increment, massKg: windows * seenWindow.massT * 1000 });
    folded = folded === undefined ? sums : joinSums(folded, sums);
  }
  const counted = { spectra, inside, windowErrors, windowsHeld, incrementsHeld };
  if (folded === undefined) return counted;
  const { value, lower, upper } = lotValue(folded, increments * windows * seenWindow.massT * 1000);
  const was = trueSum / increments;
  return { ...counted, lot: { error: value - was, held: was >= lower && was <= upper } };
}

/**
 * What a laboratory's calibration reaches on lots that it has not seen, of a brand before a spectrometer: 1,000 t each, through the very code that the stage of
 * a flow uses. Errors are against the ore itself, and not against a laboratory's value of it.
 */
export async function evaluateCalibration(
  world: OreWorld,
  calibration: SpectralCalibration,
  { lots, signal, ...sampling }: CalibrationEvaluation,
): Promise<Figure[]> {
  const told: LotTold[] = [];
  for (const run of lotRuns(world, sampling, lots)) {
    if (signal.aborted) break;
    await turn();
    told.push(toldOf(world, calibration, run));
  }
  const sum = (of: (one: LotTold) => number) => told.reduce((all, one) => all + of(one), 0);
  const errors = told.flatMap(({ windowErrors }) => windowErrors);
  const held = told.flatMap(({ incrementsHeld }) => incrementsHeld);
  const whole = told.flatMap(({ lot }) => lot ?? []);
  const { target } = calibration;
  const error = (name: string, values: readonly number[]): Figure => ({
    name,
    value: rootMeanSquare(values),
    unit: '%',
    count: values.length,
    note: 'root mean square',
  });
  return [
    shareFigure(
      'spectra inside of the calibration',
      shareOf(
        sum(({ inside }) => inside),
        sum(({ spectra }) => spectra),
      ),
    ),
    error(`${target} of a window, error`, errors),
    shareFigure(
      `windows whose ${target} is in its interval`,
      shareOf(
        sum(({ windowsHeld }) => windowsHeld),
        errors.length,
      ),
      undefined,
      'windows of a lot are not independent',
    ),
    shareFigure(
      `increments of 20 t whose ${target} is in its 95 % interval`,
      shareOf(held.filter(Boolean).length, held.length),
      undefined,
      'increments of a lot are not independent',
    ),
    error(
      `${target} of a lot, error`,
      whole.map((one) => one.error),
    ),
    shareFigure(
      `lots whose ${target} is in its 95 % interval`,
      shareOf(whole.filter((one) => one.held).length, whole.length),
    ),
  ];
}
