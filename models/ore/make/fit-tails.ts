import { freshBaseline } from '../baseline.ts';
import type { BrandSpace } from '../brand-space.ts';
import { spectralFeatures } from '../features.ts';
import { SlagWatch } from '../slag.ts';
import { tailOf } from '../tail.ts';
import type { BrandTable } from '../tables.ts';
import { byLot } from './fit-space.ts';
import type { Row } from './rows.ts';

/** Windows of an increment: what brands are told apart by is their mean. */
export const incrementWindows = 8;

/** Mean features of each whole increment of a lot. */
export function incrementsOf(lot: readonly Row[]): Float64Array[] {
  return Array.from({ length: Math.floor(lot.length / incrementWindows) }, (_, i) => {
    const part = lot.slice(i * incrementWindows, (i + 1) * incrementWindows);
    return Float64Array.from({ length: spectralFeatures }, (_, k) =>
      part.reduce((sum, { features }) => sum + (features[k] as number) / part.length, 0),
    );
  });
}

/**
 * How much likelier the likeliest other brand makes the features than the declared one; 0 where the declared one is likeliest, as it
 * nearly always is of its own ore.
 */
export function otherBrand(spaces: readonly BrandSpace[], declared: BrandSpace, features: Float64Array): number {
  const plain = new Float64Array(spectralFeatures);
  const own = declared.logLikelihood(features, plain);
  let best = own;
  for (const space of spaces) best = Math.max(best, space.logLikelihood(features, plain));
  return best - own;
}

/** Tails of all scores over clean lots, each followed from its first window on. */
export function fitTails(
  space: BrandSpace,
  spaces: readonly BrandSpace[],
  wastes: number,
  rows: readonly Row[],
): BrandTable['tails'] {
  const watch = new SlagWatch(space, wastes);
  const [known, lines, t2, brand]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const lot of byLot(rows)) {
    let baseline = freshBaseline;
    for (const { features } of lot) {
      const scores = watch.scores(baseline, features);
      known.push(scores.known);
      lines.push(scores.lines);
      t2.push(scores.t2);
      baseline = watch.after(baseline, 1);
    }
    for (const mean of incrementsOf(lot)) brand.push(otherBrand(spaces, space, mean));
  }
  return { known: tailOf(known), lines: tailOf(lines), t2: tailOf(t2), brand: tailOf(brand) };
}
