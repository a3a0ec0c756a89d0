import { standardised } from './align.ts';
import { faults } from './faults.ts';
import type { Matrix } from './matrix.ts';
import { interpolation, type Standardisation } from './standardise.ts';
import type { SpectraTable } from './tables.ts';

/** Axes count as the same when no place differs by more than this share of a step. */
const same = 1e-3;
/** Points further apart than this many of the calibration's largest step say too little between them. */
const coarsest = 2;

const largestStep = (axis: Float64Array, from: number, to: number): number =>
  axis.reduce((most, place, i) => {
    const before = axis[i - 1];
    return before === undefined || place < from || before > to ? most : Math.max(most, place - before);
  }, 0);

/**
 * What brings spectra of one axis to that of a calibration; undefined where it is the same. Throws `calibration.axis` when they do not
 * cover it (half a step may lack), and `calibration.coarse` when their points lie more than two of its steps apart.
 */
export function resampling(
  axis: Float64Array,
  wanted: Float64Array,
  at?: string,
): Standardisation | undefined {
  const [from, to] = [axis[0] as number, axis.at(-1) as number];
  const [first, last] = [wanted[0] as number, wanted.at(-1) as number];
  const step = (last - first) / Math.max(1, wanted.length - 1);
  if (
    axis.length === wanted.length &&
    wanted.every((place, i) => Math.abs(place - (axis[i] as number)) <= same * step)
  )
    return undefined;
  if (!(from <= first + step / 2 && to >= last - step / 2))
    throw faults.fault('calibration.axis', { from, to, first, last }, at);
  const [theirs, ours] = [largestStep(axis, first, last), largestStep(wanted, first, last)];
  if (theirs > coarsest * ours) throw faults.fault('calibration.coarse', { theirs, ours }, at);
  return interpolation(axis, wanted);
}

/** Spectra on the axis that a calibration takes: as they are when theirs is the same, else interpolated. Throws as `resampling`. */
export function onAxis(
  { axis, spectra }: SpectraTable,
  wanted: Float64Array,
  at: string,
): { readonly spectra: Matrix; readonly resampled: boolean } {
  const by = resampling(axis, wanted, at);
  return by ? { spectra: standardised(by, spectra), resampled: true } : { spectra, resampled: false };
}
