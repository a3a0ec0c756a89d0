import { type BeltScene, renderBelt } from '../../physics/ore/belt-picture.ts';
import type { OreWorld } from '../../physics/ore/berth.ts';
import { CargoLot, drawWaste } from '../../physics/ore/cargo.ts';
import { drawForeignBody, type ForeignKind, foreignKinds } from '../../physics/ore/foreign-bodies.ts';
import { lookOfOre, lookOfWaste } from '../../physics/ore/looks.ts';
import { Random } from '../../physics/xray/random.ts';
import { cholesky, Moments } from '../covariance.ts';
import { packed, triangleOf } from '../packed.ts';
import { blockSize, blocksOf, type Picture, pictureFeaturesOf, pictureSize } from '../picture-features.ts';
import { PictureJudge } from '../pictures.ts';
import type { PictureTable, PictureTables } from '../tables.ts';
import { tailOf } from '../tail.ts';

export const [pictureWidth, pictureHeight] = [640, 352] as const;

/** A picture of a brand on some lot, with its lamps and moisture as they happen to be. */
export function drawPicture(
  world: OreWorld,
  brand: number,
  seed: number,
  more: { readonly waste?: number; readonly share?: number; readonly foreign?: ForeignKind } = {},
): Picture {
  const random = new Random(seed, 16);
  const own = world.materials.brands[brand];
  if (!own) throw new RangeError(`There is no brand ${brand}.`);
  const truth = new CargoLot(own, random).next(5);
  const waste = more.waste === undefined ? undefined : world.materials.wastes[more.waste];
  const scene: BeltScene = {
    ore: lookOfOre(world.nir, own, truth),
    moisturePct: truth.massPct.H2O ?? 8,
    light: Math.exp(0.04 * random.normal()),
    ...(waste
      ? { waste: { look: lookOfWaste(world.nir, waste, drawWaste(waste, random)), share: more.share ?? 0.2 } }
      : {}),
    ...(more.foreign
      ? { foreign: [drawForeignBody(more.foreign, pictureWidth, pictureHeight, random)] }
      : {}),
  };
  return renderBelt(scene, pictureWidth, pictureHeight, random);
}

/** Features of even ore hardly vary: less than this, as a deviation, is taken for no difference. */
const leastDeviation = { whole: 0.03, block: 0.04 };

function lowerOf(moments: Moments, least: number): string {
  const { size } = moments;
  const covariance = moments.covariance();
  for (let i = 0; i < size; i++) covariance[i * size + i] = (covariance[i * size + i] as number) + least ** 2;
  return packed(triangleOf(cholesky(covariance, size), size));
}

function fitBrand(world: OreWorld, place: number, name: string, pictures: number): PictureTable {
  const [whole, blockwise] = [new Moments(pictureSize), new Moments(blockSize)];
  for (let i = 0; i < pictures; i++) {
    const blocks = blocksOf(drawPicture(world, place, 200_000 + place * 1000 + i));
    const features = new Float64Array(pictureSize);
    pictureFeaturesOf(blocks, features, 0);
    whole.add(features);
    const count = blocks.length / blockSize;
    for (let block = 0; block < count; block++)
      blockwise.add(
        Float64Array.from(
          { length: blockSize },
          (_, k) => (blocks[block * blockSize + k] as number) - (features[k] as number),
        ),
      );
  }
  return {
    name,
    mean: packed(whole.mean()),
    lower: lowerOf(whole, leastDeviation.whole),
    block: lowerOf(blockwise, leastDeviation.block),
  };
}

/** Looks of all brands from so many pictures each, tails from half as many others, and foreign bodies on any of them. */
export function fitPictures(world: OreWorld, pictures: number): PictureTables {
  const { brands } = world.materials;
  const made = brands.map(({ name }, place) => fitBrand(world, place, name, pictures));
  const none = tailOf([]);
  const identity = Float64Array.from({ length: blockSize * blockSize }, (_, i) =>
    i % (blockSize + 1) === 0 ? 1 : 0,
  );
  const noKinds = { labels: [], means: packed([]), lower: packed(triangleOf(identity, blockSize)) };
  const first = new PictureJudge({ brands: made, tails: { anomaly: none, inclusion: none }, kinds: noKinds });
  const [anomaly, inclusion]: [number[], number[]] = [[], []];
  for (const [place, { name }] of brands.entries())
    for (let i = 0; i < pictures / 2; i++) {
      const seen = first.look(name, drawPicture(world, place, 400_000 + place * 1000 + i));
      if (!seen) continue;
      inclusion.push(seen.strange);
      anomaly.push(first.anomaly(name, [seen])?.t2 ?? 0);
    }
  const pooled = new Moments(blockSize);
  const means = foreignKinds.map((foreign, k) => {
    const own = new Moments(blockSize);
    const all = Array.from({ length: pictures }, (_, i) => {
      const brand = i % brands.length;
      return first.look(
        brands[brand]?.name ?? '',
        drawPicture(world, brand, 600_000 + k * 1000 + i, { foreign }),
      );
    }).flatMap((seen) => (seen ? [Float64Array.from(seen.deviation)] : []));
    for (const one of all) own.add(one);
    const mean = own.mean();
    for (const one of all) pooled.add(one.map((value, at) => value - (mean[at] as number)));
    return mean;
  });
  return {
    brands: made,
    tails: { anomaly: tailOf(anomaly), inclusion: tailOf(inclusion) },
    kinds: {
      labels: [...foreignKinds],
      means: packed(means.flatMap((mean) => [...mean])),
      lower: lowerOf(pooled, leastDeviation.block),
    },
  };
}
