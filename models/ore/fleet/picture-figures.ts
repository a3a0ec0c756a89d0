import { setImmediate as turn } from 'node:timers/promises';
import type { OreWorld } from '../../physics/ore/berth.ts';
import { type ForeignBody, foreignKinds } from '../../physics/ore/foreign-bodies.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import { codedAll } from '../make/picture-codec.ts';
import { type InPicture, PictureLot } from '../make/picture-lot.ts';
import type { Picture } from '../picture-features.ts';
import type { PictureJudge } from '../pictures.ts';
import { type Figure, shareFigure } from './figures.ts';
import { shareOf } from './share.ts';

/** What a camera shows of a window of 5 t at 3,000 t/h: so many pictures an hour. */
const picturesPerHour = 600;
/** At this p-value of a picture a finding is told (picture-models.ts). */
const told = 0.001;
const levels = [0.1, 0.01, 0.001, 0.0001] as const;
const wasteShare = 0.2;
/** Every so many pictures is one of the large size. */
const everyLarge = 8;
const [largeWidth, largeHeight] = [960, 544] as const;

/** Foreign bodies are drawn in their usual sizes, and in smaller ones than any that was learnt from. */
const scales = [1, 0.5, 0.25] as const;
/** Sizes by area, mm2. */
const sizes = [
  { name: 'below 10 cm2', below: 1000 },
  { name: '10 to 50 cm2', below: 5000 },
  { name: '50 to 200 cm2', below: 20_000 },
  { name: 'above 200 cm2', below: Number.POSITIVE_INFINITY },
] as const;
const sizeOf = ({ lengthMm, widthMm }: ForeignBody) =>
  sizes.findIndex(({ below }) => lengthMm * widthMm < below);

interface Looked {
  readonly anomaly: number;
  readonly inclusion: number;
  readonly label: string;
  readonly body: ForeignBody | undefined;
}

export interface PictureOptions {
  readonly seed: number;
  /** Clean pictures of every brand, each of a lot of its own. */
  readonly pictures: number;
  readonly signal: AbortSignal;
}

/**
 * Figures of the models that look at pictures, on lots that nothing was trained or calibrated on: false alarms, p-values of clean ore, foreign bodies by kind and size, wastes,
 * and what a picture costs.
 */
export async function evaluatePictures(
  world: OreWorld,
  judge: PictureJudge,
  { seed, pictures, signal }: PictureOptions,
): Promise<Figure[]> {
  const { brands, wastes } = world.materials;
  let [milliseconds, timed] = [0, 0];
  const several = async (
    set: number,
    first: number,
    brandAt: (i: number) => Brand | undefined,
    what: (i: number) => InPicture,
  ): Promise<Looked[]> => {
    await turn();
    const drawn = Array.from({ length: pictures }, (_, i) => {
      const brand = brandAt(i);
      if (!brand || signal.aborted) return [];
      const large = i % everyLarge === everyLarge - 1 ? { width: largeWidth, height: largeHeight } : {};
      const lot = new PictureLot(world, brand, seed * 1e7 + set * 1e6 + first * 10_000 + i);
      return [{ brand, ...lot.next({ ...what(i), ...large }) }];
    }).flat();
    const random = new Random(seed * 1e7 + set * 1e6 + first * 10_000, 19);
    const shown = codedAll(
      drawn.map(({ picture }) => picture),
      random,
    );
    return drawn.flatMap(({ brand, body }, i) => {
      const picture = shown[i] as Picture;
      const began = performance.now();
      const found = judge.look(brand.name, picture);
      const anomaly = found && judge.anomaly(brand.name, [found]);
      if (!found || !anomaly) return [];
      const { p, label } = judge.inclusion(found);
      if (picture.width < largeWidth) {
        milliseconds += performance.now() - began;
        timed += 1;
      }
      return [{ anomaly: anomaly.p, inclusion: p, label, body }];
    });
  };
  const inTurn = (i: number) => brands[i % brands.length];

  const each = async <T>(of: readonly T[], look: (one: T, place: number) => Promise<Looked[]>) => {
    const seen: Looked[][] = [];
    for (const [place, one] of of.entries()) seen.push(await look(one, place));
    return seen;
  };

  const clean = await each(brands, (brand, place) =>
    several(
      1,
      place,
      () => brand,
      () => ({}),
    ),
  );
  const all = clean.flat();
  const bodies = await each(foreignKinds, (foreign, k) =>
    several(2, k, inTurn, (i) => ({ foreign, scale: scales[i % scales.length] ?? 1 })),
  );
  const wasted = await each(wastes, (_, place) =>
    several(3, place, inTurn, () => ({ waste: { place, share: wasteShare } })),
  );
  const hits = (of: readonly Looked[], hit: (one: Looked) => boolean) =>
    shareOf(of.filter(hit).length, of.length);
  return [
    ...(['anomaly', 'inclusion'] as const).flatMap((model) => [
      ...levels.map((level) => {
        const share = hits(all, (one) => one[model] <= level);
        return shareFigure(
          `${model}: clean pictures at or below p ${level}`,
          share,
          { text: `<= ${level} within its interval`, reached: share.low <= level },
          `at most ${share.upper95.toPrecision(2)} (one-sided 95 %)`,
        );
      }),
      brandFigure(
        model,
        brands.map(({ name }) => name),
        clean,
      ),
    ]),
    hourFigure(hits(all, (one) => one.inclusion <= told)),
    ...foreignKinds.flatMap((kind, k) => [
      ...sizes.flatMap(({ name }, size) => {
        const own = (bodies[k] ?? []).filter(({ body }) => body && sizeOf(body) === size);
        if (own.length === 0) return [];
        return [
          shareFigure(
            `found at p ${told}: ${kind}, ${name}`,
            hits(own, ({ inclusion }) => inclusion <= told),
          ),
        ];
      }),
    ]),
    shareFigure(
      'kind of a foreign body that is found right',
      hits(
        bodies.flatMap((of, k) =>
          of
            .filter(({ inclusion }) => inclusion <= told)
            .map((one) => ({ ...one, right: one.label === foreignKinds[k] })),
        ),
        (one) => (one as Looked & { right: boolean }).right,
      ),
    ),
    ...wastes.map(({ name }, w) =>
      shareFigure(
        `unlike the brand at p ${told}: ${100 * wasteShare} % of ${name}`,
        hits(wasted[w] ?? [], ({ anomaly }) => anomaly <= told),
      ),
    ),
    {
      name: 'time of a picture of 640 x 352, both models',
      value: milliseconds / Math.max(1, timed),
      unit: 'ms',
      count: timed,
      note: 'of one thread, on the machine and under the load of the run',
    },
  ];
}

/** The brand with the most pictures below a hundredth: p-values have to hold for each brand. */
function brandFigure(
  model: 'anomaly' | 'inclusion',
  names: readonly string[],
  clean: readonly (readonly Looked[])[],
): Figure {
  const shares = clean.map((of) => shareOf(of.filter((one) => one[model] <= 0.01).length, of.length));
  const worst = shares.reduce((best, one, i) => (one.share > (shares[best]?.share ?? 0) ? i : best), 0);
  return shareFigure(
    `${model}: clean pictures at or below p 0.01, the worst brand`,
    shares[worst] ?? shareOf(0, 0),
    undefined,
    names[worst],
  );
}

function hourFigure({ count, of, upper95 }: ReturnType<typeof shareOf>): Figure {
  return {
    name: 'foreign bodies told of clean ore, an hour',
    value: (picturesPerHour * count) / Math.max(1, of),
    unit: '1/h',
    count: of,
    note: `at most ${(picturesPerHour * upper95).toPrecision(3)} (one-sided 95 %), at ${picturesPerHour} pictures an hour, one of each window`,
  };
}
