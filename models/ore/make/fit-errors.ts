import { normalQuantile, studentQuantile } from '../../chemometrics/distributions.ts';
import { analytes } from '../analytes.ts';
import { errorParts, meanAlong } from '../error-parts.ts';
import { Composition } from '../regression.ts';
import type { Regression } from '../tables.ts';
import { errorsLeft, type LotError } from './reference-errors.ts';
import { berthOf, brandOf, type Row } from './rows.ts';

type Errors = 'own' | 'counting' | 'along' | 'bias' | 'referencedBias';
/** A calibration of which it is not known yet how far it errs. */
export type Calibration = Omit<Regression, Errors>;

/** Clean windows of lots of instruments that are not trained on, some tonnes apart, each seen for so many seconds (simulate.ts). */
export interface HeldRows {
  readonly rows: readonly Row[];
  readonly stepT: number;
  readonly seconds: number;
}
export const heldRows = (rows: readonly Row[], set: 'calibration' | 'exposed'): HeldRows => ({
  rows,
  stepT: 10,
  seconds: set === 'exposed' ? 12 : 3,
});

const normal95 = normalQuantile(0.975);
const mean = (of: readonly number[]) => of.reduce((sum, e) => sum + e, 0) / Math.max(1, of.length);
/** Of a sample that an instrument is set by (fleet/reference.ts), 160 t: so many windows, every so many. */
const sampled = { windows: 8, every: 2 };

/** Errors of each analyte by lot, in order of the belt. */
function lotErrors(calibration: Calibration, { rows }: HeldRows): Map<number, number[][]> {
  const none = analytes.map(() => 0);
  const errorless = { own: none, counting: none, along: none, bias: none, referencedBias: none };
  const composition = new Composition({ ...calibration, ...errorless });
  const lots = new Map<number, number[][]>();
  for (const { lot, features, truth } of rows) {
    const of = lots.get(lot) ?? analytes.map(() => []);
    const said = composition.of(features, { windows: 1, windowT: 1 });
    for (const [k, { value }] of said.entries()) of[k]?.push(value - (truth[k] as number));
    lots.set(lot, of);
  }
  return lots;
}

interface Judged {
  readonly calibration: Calibration;
  /** The same instruments; `exposed` were seen for longer: what that takes away is noise of counting. */
  readonly held: HeldRows;
  readonly exposed: HeldRows;
}

/** What is known of one analyte of one calibration before instruments are set by samples. */
function partsOf(
  k: number,
  { held, exposed }: Judged,
  lots: Map<number, number[][]>,
  longer: Map<number, number[][]>,
) {
  const series = (of: Map<number, number[][]>) => [...of.values()].map((errors) => errors[k] ?? []);
  const short = errorParts(series(lots), held.stepT);
  const long = errorParts(series(longer), exposed.stepT);
  const counting = Math.max(0, (short.own - long.own) / (1 / held.seconds - 1 / exposed.seconds));
  const own = Math.max(0, short.own - counting / held.seconds);
  // Of what goes on along the belt, and of what windows have of their own, so much is left in the mean of a lot that is seen for so short a stretch.
  const windows = held.rows.length / Math.max(1, lots.size);
  const inMean = short.along * meanAlong(windows * held.stepT) + short.own / windows;
  const means = [...lots].map(([lot, errors]): LotError => {
    const of = errors[k] ?? [];
    return {
      berth: berthOf(lot),
      brand: brandOf(lot),
      error: mean(of),
      sample: mean(of.filter((_, i) => i % sampled.every === 0).slice(0, sampled.windows)),
    };
  });
  return { own, counting, along: short.along, inMean, means };
}

/**
 * Calibrations set to the mean of the instruments that they are held against, with the size of their errors, by parts. What is left once an instrument is set by samples of several brands
 * (`offsetsOf`) is found by doing that: at each instrument, with samples of other lots than are judged.
 */
export function withErrors(judged: readonly Judged[]): Regression[] {
  const lots = judged.map(({ calibration, held }) => lotErrors(calibration, held));
  const longer = judged.map(({ calibration, exposed }) => lotErrors(calibration, exposed));
  const found = analytes.map((_, k) => {
    const parts = judged.map((one, i) => partsOf(k, one, lots[i] ?? new Map(), longer[i] ?? new Map()));
    const berths = new Set(parts.flatMap(({ means }) => means.map(({ berth }) => berth)));
    // Few instruments tell little of how far instruments differ.
    const few = (studentQuantile(0.975, Math.max(2, berths.size - 1)) / normal95) ** 2;
    const centred = parts.map(({ means, inMean }) => {
      const shift = mean(means.map(({ error }) => error));
      const of = means.map((one) => ({ ...one, error: one.error - shift, sample: one.sample - shift }));
      return { shift, lots: of, bias: few * Math.max(0, mean(of.map(({ error }) => error ** 2)) - inMean) };
    });
    const left = errorsLeft(centred.map(({ lots: of, bias }) => ({ lots: of, bias: Math.sqrt(bias) })));
    return parts.map(({ own, counting, along, inMean }, i) => ({
      shift: centred[i]?.shift ?? 0,
      own,
      counting,
      along,
      bias: centred[i]?.bias ?? 0,
      referencedBias: few * Math.max(0, mean((left[i] ?? []).map((e) => e * e)) - inMean),
    }));
  });
  const root = (value = 0) => Number(Math.sqrt(value).toPrecision(5));
  return judged.map(({ calibration }, i) => {
    const of = (part: Errors) => found.map((parts) => root(parts[i]?.[part]));
    return {
      ...calibration,
      values: calibration.values.map((value, k) =>
        Number((value - (found[k]?.[i]?.shift ?? 0)).toPrecision(7)),
      ),
      own: of('own'),
      counting: of('counting'),
      along: of('along'),
      bias: of('bias'),
      referencedBias: of('referencedBias'),
    };
  });
}
