import { type Matrix, rowOf } from './matrix.ts';

/** Standard deviation of the values along a spectrum, in their unit. */
export function relief(values: ArrayLike<number>): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

/** Of the flattest of some spectra. */
export const leastReliefOf = (spectra: Matrix): number =>
  Math.min(...Array.from({ length: spectra.rows }, (_, i) => relief(rowOf(spectra, i))));
