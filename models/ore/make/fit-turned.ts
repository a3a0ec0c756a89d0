import { cholesky, Moments, whiten } from '../covariance.ts';
import { eigenOf } from '../eigen.ts';
import { packed, triangleOf } from '../packed.ts';
import type { SpaceTable } from '../turned-space.ts';

/** No turned feature has less of its variance within lots: few lots make it look so. */
const leastWithin = 0.02;

export function meanOf(rows: readonly Float64Array[], size: number): Float64Array {
  const mean = new Float64Array(size);
  for (const row of rows)
    for (let k = 0; k < size; k++) mean[k] = (mean[k] as number) + (row[k] as number) / rows.length;
  return mean;
}

/**
 * What is usual of clean ore, by lots of rows: mean and covariance (as `settled` makes it of what was found), and the rotation in which the part within lots is free of correlation.
 */
export function fitTurned(
  lots: readonly (readonly Float64Array[])[],
  size: number,
  settled: (covariance: Float64Array) => Float64Array,
): SpaceTable & { readonly vectors: Float64Array; plain(features: Float64Array): Float64Array } {
  const moments = new Moments(size);
  for (const row of lots.flat()) moments.add(row);
  const mean = moments.mean();
  const lower = cholesky(settled(moments.covariance()), size);
  const plain = (features: Float64Array) => {
    const found = new Float64Array(size);
    whiten(
      lower,
      features.map((value, k) => value - (mean[k] as number)),
      found,
    );
    return found;
  };
  const inside = new Moments(size);
  for (const lot of lots) {
    const all = lot.map(plain);
    const own = meanOf(all, size);
    const freed = Math.sqrt(lot.length / Math.max(1, lot.length - 1));
    for (const one of all) inside.add(one.map((value, k) => freed * (value - (own[k] as number))));
  }
  const { values, vectors } = eigenOf(inside.covariance(), size);
  return {
    plain,
    vectors,
    mean: packed(mean),
    lower: packed(triangleOf(lower, size)),
    turn: packed(vectors),
    within: packed(values.map((value) => Math.min(1, Math.max(leastWithin, value)))),
  };
}
