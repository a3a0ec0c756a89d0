import { simes } from '../../control/fusion.ts';
import { freshBaseline } from '../baseline.ts';
import { type BrandSpace, otherBrand, rivalsOf } from '../brand-space.ts';
import { SlagWatch } from '../slag.ts';
import type { BrandTable } from '../tables.ts';
import { tailOf, tailP } from '../tail.ts';
import { byLot } from './fit-space.ts';
import type { Row } from './rows.ts';

/** How surprising windows of whole clean lots are, in order of the belt: minus the logarithm of their p-values. */
export interface Surprises {
  readonly brand: number[][];
  readonly slag: number[][];
}

/** Tails of all scores over whole clean lots, each followed from its first window on; and what the windows of each lot are by them. */
export function fitTails(
  space: BrandSpace,
  spaces: readonly BrandSpace[],
  wastes: number,
  rows: readonly Row[],
): { readonly tails: BrandTable['tails']; readonly surprises: Surprises } {
  const watch = new SlagWatch(space, wastes);
  const rivals = rivalsOf(space, spaces);
  const lots = byLot(rows).map((lot) => {
    let baseline = freshBaseline;
    return lot.map(({ features }) => {
      const { known, lines, t2 } = watch.scores(baseline, features);
      baseline = watch.after(baseline, 1);
      return { known, lines, t2, brand: otherBrand(rivals, space, features) };
    });
  });
  const of = (score: 'known' | 'lines' | 't2' | 'brand') => tailOf(lots.flat().map((one) => one[score]));
  const tails = { known: of('known'), lines: of('lines'), t2: of('t2'), brand: of('brand') };
  const slagP = ({ known, lines, t2 }: { known: number; lines: number; t2: number }) =>
    simes([tailP(tails.known, known), tailP(tails.lines, lines), tailP(tails.t2, t2)]);
  return {
    tails,
    surprises: {
      brand: lots.map((lot) => lot.map(({ brand }) => -Math.log(tailP(tails.brand, brand)))),
      slag: lots.map((lot) => lot.map((scores) => -Math.log(slagP(scores)))),
    },
  };
}
