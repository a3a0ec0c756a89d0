import { shrunk } from '../covariance.ts';
import { spectralFeatures } from '../features.ts';
import { packed } from '../packed.ts';
import type { BrandTable } from '../tables.ts';
import { fitTurned, meanOf } from './fit-turned.ts';
import type { Row } from './rows.ts';

const size = spectralFeatures;

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
  const lots = byLot(clean).map((lot) => lot.map(({ features }) => features));
  const { plain, vectors, ...space } = fitTurned(lots, size, (covariance) =>
    shrunk(covariance, covariance, 0, size),
  );
  const directions = new Float64Array(wastes * size);
  for (let w = 0; w < wastes; w++) {
    const with_ = rows.filter(
      ({ admixture }) => admixture?.waste === w && admixture.share >= 0.1 && admixture.share <= 0.2,
    );
    const shift = meanOf(
      with_.map(({ features }) => plain(features)),
      size,
    );
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        directions[w * size + i] =
          (directions[w * size + i] as number) + (vectors[i * size + k] as number) * (shift[k] as number);
  }
  return { ...space, directions: packed(directions) };
}
