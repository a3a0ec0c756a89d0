import type { OreWorld } from '../../physics/ore/berth.ts';
import { type ForeignKind, foreignKinds } from '../../physics/ore/foreign-bodies.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import { freshBaseline } from '../baseline.ts';
import { floored, Moments, shrunk } from '../covariance.ts';
import { packed, triangleOf } from '../packed.ts';
import { bodySize } from '../picture-body.ts';
import { cellsOf, type Picture } from '../picture-cells.ts';
import { pictureFeaturesOf, pictureSize } from '../picture-features.ts';
import { PictureJudge } from '../pictures.ts';
import type { PictureTable, PictureTables } from '../tables.ts';
import { tailOf } from '../tail.ts';
import { fitKinds } from './fit-kinds.ts';
import { fitShapes, pooledSpreads } from './fit-shapes.ts';
import { fitTurned } from './fit-turned.ts';
import { codedAll } from './picture-codec.ts';
import { PictureLot } from './picture-lot.ts';

/** Features of even ore hardly vary: less than this, as a deviation, is taken for no difference. */
const leastDeviation = 0.01;
/** How much of a brand's own covariance counts, beside that of all brands: so few lots leave its own unsure. */
const ownShare = 0.5;
/** Rain has fallen on more of the lots that are learnt from than on others: how it looks is no difference, and few lots would not show it. */
const rainOfLooks = 0.4;
/** Tonnes between the pictures that a look is learnt from: all that varies in a lot is seen. Those of tails follow each other as in a stream, or as far apart. */
const apartT = 50;
const nextT = 5;
/** Lots that one camera sends. */
const lotsOfStream = 2;
/** Foreign bodies are learnt from in sizes beside what their kind usually has, equally often in every octave. */
const bodyScales = [0.25, 1.2] as const;

export interface PictureCounts {
  /** Lots of each brand that its look is learnt from, and others that tails are; and pictures of each. */
  readonly looks: readonly [lots: number, pictures: number];
  readonly tails: readonly [lots: number, pictures: number];
  /** Pictures of each kind of foreign body. */
  readonly bodies: number;
}

/** Pictures of lots, each lot as one camera sends it. */
function lotsOf(
  world: OreWorld,
  brand: Brand,
  [lots, pictures]: readonly [number, number],
  seed: number,
  { rain, apart }: { readonly rain?: number; apart(lot: number): number },
): Picture[][] {
  const drawn = Array.from({ length: lots }, (_, i) => {
    const lot = new PictureLot(world, brand, seed + i, rain);
    return Array.from({ length: pictures }, () => lot.next({ afterT: apart(i) }).picture);
  });
  const shown = codedAll(drawn.flat(), new Random(seed, 18), lotsOfStream * pictures);
  return drawn.map((_, i) => shown.slice(i * pictures, (i + 1) * pictures));
}

function learnt(world: OreWorld, brand: Brand, place: number, counts: PictureCounts['looks']) {
  const lots = lotsOf(world, brand, counts, 200_000 + place * 1000, {
    rain: rainOfLooks,
    apart: () => apartT,
  }).map((lot) => lot.map(cellsOf));
  return { name: brand.name, rows: lots.map((lot) => lot.map(pictureFeaturesOf)), ...fitShapes(lots.flat()) };
}

const covarianceOf = (rows: readonly Float64Array[]): Float64Array => {
  const moments = new Moments(pictureSize);
  for (const row of rows) moments.add(row);
  return moments.covariance();
};

function tablesOf(looks: readonly ReturnType<typeof learnt>[]): PictureTable[] {
  const covariances = looks.map(({ rows }) => covarianceOf(rows.flat()));
  const common = new Float64Array(pictureSize ** 2).map(
    (_, i) => covariances.reduce((sum, own) => sum + (own[i] as number), 0) / covariances.length,
  );
  const settled = (own: Float64Array) =>
    floored(shrunk(own, common, 1 - ownShare, pictureSize), pictureSize, leastDeviation);
  const spreads = pooledSpreads(looks.map(({ spread }) => spread));
  return looks.map(({ name, rows, shapes, usual }, i) => {
    const { mean, lower, turn, within } = fitTurned(rows, pictureSize, settled);
    return { name, mean, lower, turn, within, shapes, usual, spread: spreads[i] as number[] };
  });
}

/** Scores of clean pictures, lot by lot, each followed from its first picture on. */
function cleanScores(
  judge: PictureJudge,
  name: string,
  lots: readonly (readonly Picture[])[],
): { readonly strange: number; readonly t2: number }[] {
  return lots.flatMap((lot) => {
    let baseline = freshBaseline;
    return lot.flatMap((picture) => {
      const seen = judge.look(name, picture);
      const found = seen && judge.anomaly(name, [seen], baseline);
      if (!found) return [];
      ({ baseline } = found);
      return [{ strange: seen.strange, t2: found.t2 }];
    });
  });
}

/** Features of foreign bodies of one kind on ore of any brand, those that are stranger than `usual`. */
function bodiesOf(
  world: OreWorld,
  judge: PictureJudge,
  foreign: ForeignKind,
  { count, seed, usual }: { readonly count: number; readonly seed: number; readonly usual: number },
): Float64Array[] {
  const { brands } = world.materials;
  const brandAt = (i: number) => brands[i % brands.length] as Brand;
  const scales = new Random(seed, 21);
  const drawn = Array.from({ length: count }, (_, i) => {
    const scale = scales.logBetween(...bodyScales);
    return new PictureLot(world, brandAt(i), seed + i).next({ foreign, scale }).picture;
  });
  return codedAll(drawn, new Random(seed, 18)).flatMap((picture, i) => {
    const seen = judge.look(brandAt(i).name, picture);
    return seen && seen.strange > usual ? [Float64Array.from(seen.body)] : [];
  });
}

/** Looks of all brands, tails of clean pictures of other lots, and foreign bodies on any of them. */
export function fitPictures(
  world: OreWorld,
  counts: PictureCounts,
  log: (line: string) => void,
): PictureTables {
  const { brands } = world.materials;
  const made = tablesOf(
    brands.map((brand, place) => {
      log(`look of ${brand.name}`);
      return learnt(world, brand, place, counts.looks);
    }),
  );
  const none = tailOf([]);
  const lower = packed(triangleOf(floored(new Float64Array(bodySize ** 2), bodySize, 1), bodySize));
  const judge = new PictureJudge({
    brands: made,
    tails: { anomaly: none, inclusion: none },
    kinds: { labels: [], means: packed([]), lower },
  });
  const clean = brands.flatMap((brand, place) => {
    log(`tails of ${brand.name}`);
    const apart = (lot: number) => (lot % 2 === 0 ? nextT : apartT);
    return cleanScores(
      judge,
      brand.name,
      lotsOf(world, brand, counts.tails, 400_000 + place * 1000, { apart }),
    );
  });
  const tails = {
    anomaly: tailOf(clean.map(({ t2 }) => t2)),
    inclusion: tailOf(clean.map(({ strange }) => strange)),
  };
  // What is no stranger than clean ore is some ore.
  const usual = tails.inclusion.scores.at(-1) ?? 0;
  const kinds = foreignKinds.map((label, k) => {
    log(`foreign bodies: ${label}`);
    return {
      label,
      rows: bodiesOf(world, judge, label, { count: counts.bodies, seed: 600_000 + k * 1000, usual }),
    };
  });
  return { brands: made, tails, kinds: fitKinds(kinds, bodySize) };
}
