import { cholesky, Moments, shrunk, whiten } from '../covariance.ts';
import { eigenOf } from '../eigen.ts';
import { spectralFeatures } from '../features.ts';
import { packed, triangleOf } from '../packed.ts';
import type { BrandTable } from '../tables.ts';
import type { Row } from './rows.ts';

const size = spectralFeatures;

const meanOf = (rows: readonly Float64Array[]): Float64Array => {
  const mean = new Float64Array(size);
  for (const row of rows)
    for (let k = 0; k < size; k++) mean[k] = (mean[k] as number) + (row[k] as number) / rows.length;
  return mean;
};

/** Rows by lot. */
export function byLot(rows: readonly Row[]): Row[][] {
  const lots = new Map<number, Row[]>();
  for (const row of rows) {
    const of = lots.get(row.lot) ?? [];
    lots.set(row.lot, of);
    of.push(row);
  }
  return [...lots.values()];
}

/**
 * What is usual of a brand: mean and covariance of clean windows; the rotation in which the part within lots is free of correlation; and what 10 to 20 % of
 * each waste changes.
 */
export function fitSpace(
  rows: readonly Row[],
  wastes: number,
): Pick<BrandTable, 'mean' | 'lower' | 'turn' | 'within' | 'directions'> {
  const clean = rows.filter(({ admixture }) => admixture === undefined);
  const moments = new Moments(size);
  for (const { features } of clean) moments.add(features);
  const mean = moments.mean();
  const covariance = moments.covariance();
  const lower = cholesky(shrunk(covariance, covariance, 0, size), size);
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
  for (const lot of byLot(clean)) {
    const all = lot.map(({ features }) => plain(features));
    const own = meanOf(all);
    const freed = Math.sqrt(lot.length / Math.max(1, lot.length - 1));
    for (const one of all) inside.add(one.map((value, k) => freed * (value - (own[k] as number))));
  }
  const { values, vectors } = eigenOf(inside.covariance(), size);
  const directions = new Float64Array(wastes * size);
  for (let w = 0; w < wastes; w++) {
    const with_ = rows.filter(
      ({ admixture }) => admixture?.waste === w && admixture.share >= 0.1 && admixture.share <= 0.2,
    );
    const shift = meanOf(with_.map(({ features }) => plain(features)));
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        directions[w * size + i] =
          (directions[w * size + i] as number) + (vectors[i * size + k] as number) * (shift[k] as number);
  }
  return {
    mean: packed(mean),
    lower: packed(triangleOf(lower, size)),
    turn: packed(vectors),
    within: packed(values.map((value) => Math.min(1, Math.max(0.02, value)))),
    directions: packed(directions),
  };
}
