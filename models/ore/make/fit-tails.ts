import { freshBaseline } from '../baseline.ts';
import { type BrandSpace, otherBrand } from '../brand-space.ts';
import { SlagWatch } from '../slag.ts';
import type { BrandTable } from '../tables.ts';
import { tailOf } from '../tail.ts';
import { byLot } from './fit-space.ts';
import type { Row } from './rows.ts';

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
      brand.push(otherBrand(spaces, space, features));
      baseline = watch.after(baseline, 1);
    }
  }
  return { known: tailOf(known), lines: tailOf(lines), t2: tailOf(t2), brand: tailOf(brand) };
}
