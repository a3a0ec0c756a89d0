import { cholesky, Moments, shrunk } from '../covariance.ts';
import { spectralFeatures } from '../features.ts';
import { compressed } from '../impurity.ts';
import { packed, triangleOf } from '../packed.ts';
import type { ImpurityTable } from '../tables.ts';

const size = spectralFeatures;
/** Share of the covariance that all classes have in common. */
const common = 0.3;

/** A window's plain features and its class: 0 is clean, then the wastes. */
export interface Sample {
  readonly plain: Float64Array;
  readonly class: number;
}

/** A normal distribution for each class, its covariance drawn towards that of all. */
export function fitImpurity(classes: readonly string[], samples: readonly Sample[]): ImpurityTable {
  const own = classes.map(() => new Moments(size));
  const all = samples.map(({ plain, class: at }) => ({ x: compressed(plain), at }));
  for (const { x, at } of all) own[at]?.add(x);
  const means = own.map((moments) => moments.mean());
  const pooled = new Moments(size);
  for (const { x, at } of all)
    pooled.add(x.map((value, k) => value - ((means[at] as Float64Array)[k] as number)));
  const together = pooled.covariance();
  return {
    classes,
    means: packed(means.flatMap((mean) => Array.from(mean))),
    lowers: own.map((moments) =>
      packed(triangleOf(cholesky(shrunk(moments.covariance(), together, common, size), size), size)),
    ),
  };
}
