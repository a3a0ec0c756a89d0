import type { OreWorld } from '../../physics/ore/berth.ts';
import { type ForeignBody, foreignKinds } from '../../physics/ore/foreign-bodies.ts';
import { evenAt as counted, toldFrom as told } from '../picture-models.ts';
import type { PictureJudge } from '../pictures.ts';
import { type Figure, shareFigure } from './figures.ts';
import { type Looked, PictureTrials, picturesOfLot } from './picture-trials.ts';
import { shareOf } from './share.ts';

const levels = [0.1, 0.01, 0.001, 0.0001] as const;
const wasteShare = 0.2;

/** Foreign bodies are drawn in their usual sizes, and in smaller ones. */
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

const models = [
  { model: 'inLot', name: 'anomaly' },
  { model: 'inclusion', name: 'inclusion' },
] as const;

export interface PictureOptions {
  readonly seed: number;
  /** Clean pictures of every brand, some of each lot. */
  readonly pictures: number;
  readonly signal: AbortSignal;
  /** Is told what is looked at next, of how much. */
  onStep?(what: string, step: number, of: number): void;
}

/**
 * Figures of the models that look at pictures, on lots that nothing was trained or calibrated on: false alarms, p-values of clean ore, foreign bodies by kind and size, wastes,
 * and what a picture costs.
 */
export async function evaluatePictures(
  world: OreWorld,
  judge: PictureJudge,
  { seed, pictures, signal, onStep }: PictureOptions,
): Promise<Figure[]> {
  const { brands, wastes } = world.materials;
  const trials = new PictureTrials(world, judge, seed, signal);
  const lots = Math.ceil(pictures / picturesOfLot);
  const inTurn = (i: number) => brands[i % brands.length];
  let step = 0;
  const steps = brands.length + foreignKinds.length + wastes.length;
  const each = async <T>(
    of: readonly T[],
    name: (one: T) => string,
    look: (one: T, place: number) => Promise<Looked[][]>,
  ) => {
    const seen: Looked[][][] = [];
    for (const [place, one] of of.entries()) {
      onStep?.(name(one), ++step, steps);
      seen.push(await look(one, place));
    }
    return seen;
  };
  const clean = await each(
    brands,
    ({ name }) => name,
    (brand, place) =>
      trials.lots(
        place,
        lots,
        () => brand,
        () => ({}),
      ),
  );
  const bodies = await each(
    foreignKinds,
    (kind) => kind,
    (foreign, k) =>
      trials.lots(100 + k, pictures, inTurn, (lot, picture) =>
        picture === 0 ? { foreign, scale: scales[lot % scales.length] ?? 1 } : undefined,
      ),
  );
  // Waste comes in the last picture of a lot.
  const wasted = await each(
    wastes,
    ({ name }) => name,
    (_, place) =>
      trials.lots(200 + place, Math.max(brands.length, lots), inTurn, (_lot, picture) =>
        picture === picturesOfLot - 1 ? { waste: { place, share: wasteShare } } : {},
      ),
  );
  return [
    ...models.flatMap(({ model, name }) =>
      cleanFigures(
        name,
        brands.map((brand) => brand.name),
        clean.map((of) => of.flat().map((one) => one[model])),
      ),
    ),
    ...bodyFigures(bodies.map((of) => of.flat())),
    ...wastes.flatMap(({ name }, w) => {
      const last = (wasted[w] ?? []).flatMap((lot) => lot.slice(picturesOfLot - 1));
      const share = (model: 'anomaly' | 'inLot') => hits(last, (one) => one[model] <= told);
      const what = `at p ${told}: ${100 * wasteShare} % of ${name}`;
      return [
        shareFigure(`unlike the lot so far ${what}`, share('inLot')),
        shareFigure(`unlike the brand ${what}`, share('anomaly')),
      ];
    }),
    {
      name: 'time of a picture of 640 x 352, both models',
      value: trials.milliseconds / Math.max(1, trials.timed),
      unit: 'ms',
      count: trials.timed,
      note: 'of one thread, on the machine and under the load of the run',
    },
  ];
}

const hits = <T>(of: readonly T[], hit: (one: T) => boolean) => shareOf(of.filter(hit).length, of.length);

/** How seldom p-values of clean pictures are small: of all, and of the brand with the most, since they have to hold for each. */
function cleanFigures(
  name: string,
  brands: readonly string[],
  byBrand: readonly (readonly number[])[],
): Figure[] {
  const shares = byBrand.map((of) => hits(of, (p) => p <= 0.01));
  const worst = shares.reduce((best, one, i) => (one.share > (shares[best]?.share ?? 0) ? i : best), 0);
  return [
    ...levels.map((level) => {
      const share = hits(byBrand.flat(), (p) => p <= level);
      return shareFigure(
        `${name}: clean pictures at or below p ${level}`,
        share,
        { text: `<= ${level} within its interval`, reached: share.low <= level },
        `at most ${share.upper95.toPrecision(2)} (one-sided 95 %)`,
      );
    }),
    shareFigure(
      `${name}: clean pictures at or below p 0.01, the worst brand`,
      shares[worst] ?? shareOf(0, 0),
      undefined,
      brands[worst],
    ),
    shareFigure(
      `${name}: clean pictures that count against their lot, p ${counted}`,
      hits(byBrand.flat(), (p) => p <= counted),
    ),
  ];
}

function bodyFigures(bodies: readonly (readonly Looked[])[]): Figure[] {
  const found = bodies.flatMap((of, k) =>
    of.filter(({ inclusion }) => inclusion <= told).map(({ label }) => label === foreignKinds[k]),
  );
  return [
    ...foreignKinds.flatMap((kind, k) =>
      sizes.flatMap(({ name }, size) => {
        const own = (bodies[k] ?? []).filter(({ body }) => body && sizeOf(body) === size);
        if (own.length === 0) return [];
        const counting = hits(own, ({ inclusion }) => inclusion <= counted);
        return [
          shareFigure(
            `found at p ${told}: ${kind}, ${name}`,
            hits(own, ({ inclusion }) => inclusion <= told),
            undefined,
            `${counting.count} of ${counting.of} count against the lot, p ${counted}`,
          ),
        ];
      }),
    ),
    shareFigure(
      'kind of a foreign body that is found right',
      hits(found, (right) => right),
    ),
  ];
}
