import { standardised } from './align.ts';
import { faults } from './faults.ts';
import type { Matrix } from './matrix.ts';
import { interpolation } from './standardise.ts';
import type { SpectraTable } from './tables.ts';

/** Axes count as the same when no place differs by more than this share of a step. */
const same = 1e-3;

/**
 * Spectra on the axis that a calibration takes: as they are when theirs is the same, else interpolated. Throws
 * `calibration.axis` when they do not cover it.
 */
export function onAxis(
  { axis, spectra }: SpectraTable,
  wanted: Float64Array,
  at: string,
): { readonly spectra: Matrix; readonly resampled: boolean } {
  const [from, to] = [axis[0] as number, axis.at(-1) as number];
  const [first, last] = [wanted[0] as number, wanted.at(-1) as number];
  const step = (last - first) / Math.max(1, wanted.length - 1);
  if (
    axis.length === wanted.length &&
    wanted.every((place, i) => Math.abs(place - (axis[i] as number)) <= same * step)
  )
    return { spectra, resampled: false };
  if (from > first + step / 2 || to < last - step / 2) {
    throw faults.fault('calibration.axis', { from, to, first, last }, at);
  }
  return { spectra: standardised(interpolation(axis, wanted), spectra), resampled: true };
}
