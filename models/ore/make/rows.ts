import { LotRun } from '../../physics/ore/berth.ts';
import { drawWaste, type OreTruth } from '../../physics/ore/cargo.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import { analytes } from '../analytes.ts';
import type { ReadBerth } from '../fleet/read-berth.ts';

/** Features of a window with what the ore was. */
export interface Row {
  readonly features: Float64Array;
  readonly truth: Float64Array;
  readonly lot: number;
  readonly admixture: Admixture | undefined;
}

const truthOf = ({ massPct }: OreTruth): Float64Array =>
  Float64Array.from(analytes, (name) => massPct[name] ?? 0);

/** A lot's number, which is its seed: of each set, brand and berth its own. */
export const lotNumber = (of: {
  readonly seed: number;
  readonly place: number;
  readonly berth: number;
  readonly lot: number;
}): number => of.seed * 1e6 + of.place * 1e4 + of.berth * 100 + of.lot;

/** Which berth of its set a lot was simulated at. */
export const berthOf = (lot: number): number => Math.floor((lot % 1e4) / 100);

/** Of which brand it is. */
export const brandOf = (lot: number): number => Math.floor((lot % 1e6) / 1e4);

/** Share of lots that rain has fallen on. */
const wetShare = 0.15;

/** Waste in a window: which, by its place among the wastes, and how much. */
export interface Admixture {
  readonly waste: number;
  readonly share: number;
}

/** Windows of a lot that are some tonnes apart, each seen for some seconds; as many as `admixtures`, with nothing in them where that says so. */
export function lotRows(
  at: ReadBerth,
  brand: Brand,
  seed: number,
  admixtures: readonly (Admixture | undefined)[],
  { stepT, seconds }: { readonly stepT: number; readonly seconds: number } = { stepT: 10, seconds: 3 },
): Row[] {
  const random = new Random(seed, 13);
  const wetPct = random.chance(wetShare) ? random.between(1, 3) : 0;
  const run = new LotRun(at.berth, brand, seed, wetPct);
  const heaps = at.berth.world.materials.wastes.map((waste) => drawWaste(waste, random));
  return admixtures.flatMap((admixture) => {
    const truth = admixture && heaps[admixture.waste];
    const seen = run.window(stepT, seconds, truth && { truth, share: admixture.share });
    const features = at.features(seen);
    return features ? [{ features, truth: truthOf(seen.truth), lot: seed, admixture }] : [];
  });
}
