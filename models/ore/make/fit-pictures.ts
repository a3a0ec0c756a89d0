import type { OreWorld } from '../../physics/ore/berth.ts';
import { foreignKinds } from '../../physics/ore/foreign-bodies.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import { cholesky, Moments, shrunk } from '../covariance.ts';
import { packed, triangleOf } from '../packed.ts';
import { blockSize, blocksOf, type Picture, pictureFeaturesOf, pictureSize } from '../picture-features.ts';
import { PictureJudge } from '../pictures.ts';
import type { PictureTable, PictureTables } from '../tables.ts';
import { tailOf } from '../tail.ts';
import { codedAll } from './picture-codec.ts';
import { PictureLot } from './picture-lot.ts';

/** Features of even ore hardly vary: less than this, as a deviation, is taken for no difference. */
const leastDeviation = { whole: 0.03, block: 0.04 };

/** How much of a brand's own covariance counts, beside that of all brands: so few lots leave its own unsure. */
const ownShare = 0.5;

function lowerOf(covariance: Float64Array, size: number, least: number): string {
  const floored = Float64Array.from(covariance, (value, i) =>
    i % (size + 1) === 0 ? value + least ** 2 : value,
  );
  return packed(triangleOf(cholesky(floored, size), size));
}

/** Pictures of lots, each as some camera sends it. */
const picturesOf = (
  count: number,
  seed: number,
  one: (seed: number, i: number) => { picture: Picture },
): Picture[] =>
  codedAll(
    Array.from({ length: count }, (_, i) => one(seed + i, i).picture),
    new Random(seed, 18),
  );

interface Look {
  readonly whole: Moments;
  readonly blocks: Moments;
}

/** Features of whole pictures of a brand, and of their blocks beside each other. */
function lookOf(world: OreWorld, place: number, brand: Brand, pictures: number): Look {
  const [whole, blocks] = [new Moments(pictureSize), new Moments(blockSize)];
  const shown = picturesOf(pictures, 200_000 + place * 1000, (seed) =>
    new PictureLot(world, brand, seed).next(),
  );
  for (const picture of shown) {
    const found = blocksOf(picture);
    const features = new Float64Array(pictureSize);
    pictureFeaturesOf(found, features, 0);
    whole.add(features);
    for (let at = 0; at < found.length; at += blockSize)
      blocks.add(
        Float64Array.from(
          { length: blockSize },
          (_, k) => (found[at + k] as number) - (features[k] as number),
        ),
      );
  }
  return { whole, blocks };
}

function tablesOf(brands: readonly Brand[], looks: readonly Look[]): PictureTable[] {
  const covariances = looks.map(({ whole }) => whole.covariance());
  const common = new Float64Array(pictureSize ** 2).map(
    (_, i) => covariances.reduce((sum, own) => sum + (own[i] as number), 0) / covariances.length,
  );
  return looks.map(({ whole, blocks }, i) => ({
    name: brands[i]?.name ?? '',
    mean: packed(whole.mean()),
    lower: lowerOf(
      shrunk(covariances[i] as Float64Array, common, 1 - ownShare, pictureSize),
      pictureSize,
      leastDeviation.whole,
    ),
    block: lowerOf(blocks.covariance(), blockSize, leastDeviation.block),
  }));
}

/** Looks of all brands from so many pictures each, every one of another lot; tails from a quarter more of others, and foreign bodies on any of them. */
export function fitPictures(world: OreWorld, pictures: number): PictureTables {
  const { brands } = world.materials;
  const made = tablesOf(
    brands,
    brands.map((brand, place) => lookOf(world, place, brand, pictures)),
  );
  const none = tailOf([]);
  const identity = Float64Array.from({ length: blockSize * blockSize }, (_, i) =>
    i % (blockSize + 1) === 0 ? 1 : 0,
  );
  const noKinds = { labels: [], means: packed([]), lower: packed(triangleOf(identity, blockSize)) };
  const first = new PictureJudge({ brands: made, tails: { anomaly: none, inclusion: none }, kinds: noKinds });
  const [anomaly, inclusion]: [number[], number[]] = [[], []];
  for (const [place, brand] of brands.entries())
    for (const picture of picturesOf(Math.round(1.25 * pictures), 400_000 + place * 1000, (seed) =>
      new PictureLot(world, brand, seed).next(),
    )) {
      const seen = first.look(brand.name, picture);
      if (!seen) continue;
      inclusion.push(seen.strange);
      anomaly.push(first.anomaly(brand.name, [seen])?.t2 ?? 0);
    }
  const pooled = new Moments(blockSize);
  const means = foreignKinds.map((foreign, k) => {
    const own = new Moments(blockSize);
    const brandAt = (i: number) => brands[i % brands.length] as Brand;
    const all = picturesOf(pictures, 600_000 + k * 1000, (seed, i) =>
      new PictureLot(world, brandAt(i), seed).next({ foreign }),
    )
      .map((picture, i) => first.look(brandAt(i).name, picture))
      .flatMap((seen) => (seen ? [Float64Array.from(seen.deviation)] : []));
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
      lower: lowerOf(pooled.covariance(), blockSize, leastDeviation.block),
    },
  };
}
