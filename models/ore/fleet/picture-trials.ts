import { setImmediate as turn } from 'node:timers/promises';
import type { OreWorld } from '../../physics/ore/berth.ts';
import type { ForeignBody } from '../../physics/ore/foreign-bodies.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import { type Baseline, freshBaseline } from '../baseline.ts';
import { codedAll } from '../make/picture-codec.ts';
import { type InPicture, PictureLot } from '../make/picture-lot.ts';
import type { Picture } from '../picture-cells.ts';
import type { PictureJudge } from '../pictures.ts';

/** Pictures of one lot, in order of the belt. */
export const picturesOfLot = 6;
/** Every so many lots is one of large pictures. */
const everyLarge = 8;
const [largeWidth, largeHeight] = [960, 544] as const;

/** What the models said of one picture. */
export interface Looked {
  /** p-values: of the look beside the brand alone, beside the lot so far too, and of the strangest piece. */
  readonly anomaly: number;
  readonly inLot: number;
  readonly inclusion: number;
  readonly label: string;
  readonly body: ForeignBody | undefined;
}

/** Lots of pictures that nothing was learnt from, each as some camera sends it. */
export class PictureTrials {
  readonly #world: OreWorld;
  readonly #judge: PictureJudge;
  readonly #seed: number;
  readonly #signal: AbortSignal;
  /** Of pictures of the usual size: how many, and how long both models took for them, ms. */
  timed = 0;
  milliseconds = 0;

  constructor(world: OreWorld, judge: PictureJudge, seed: number, signal: AbortSignal) {
    this.#world = world;
    this.#judge = judge;
    this.#seed = seed;
    this.#signal = signal;
  }

  /** So many lots, each of `what` by lot and picture; nothing once it was stopped. */
  async lots(
    set: number,
    count: number,
    brandAt: (lot: number) => Brand | undefined,
    what: (lot: number, picture: number) => InPicture | undefined,
  ): Promise<Looked[][]> {
    const seed = this.#seed * 1e8 + set * 10_000;
    const found: Looked[][] = [];
    for (let lot = 0; lot < count && !this.#signal.aborted; lot++) {
      const brand = brandAt(lot);
      if (brand) found.push(this.#lot(brand, seed + lot, lot, (picture) => what(lot, picture)));
      await turn();
    }
    return found;
  }

  #lot(
    brand: Brand,
    seed: number,
    place: number,
    what: (picture: number) => InPicture | undefined,
  ): Looked[] {
    const large = place % everyLarge === everyLarge - 1;
    const size = large ? { width: largeWidth, height: largeHeight } : {};
    const lot = new PictureLot(this.#world, brand, seed);
    const drawn: { readonly picture: Picture; readonly body: ForeignBody | undefined }[] = [];
    for (let i = 0; i < picturesOfLot; i++) {
      const one = what(i);
      if (one) drawn.push(lot.next({ ...one, ...size }));
    }
    const shown = codedAll(
      drawn.map(({ picture }) => picture),
      new Random(seed, 19),
    );
    let baseline = freshBaseline;
    return shown.flatMap((picture, i) => {
      const began = performance.now();
      const said = this.#look(brand.name, picture, baseline);
      if (!large) {
        this.milliseconds += performance.now() - began;
        this.timed += 1;
      }
      if (!said) return [];
      ({ baseline } = said);
      return [{ ...said.looked, body: drawn[i]?.body }];
    });
  }

  #look(brand: string, picture: Picture, baseline: Baseline) {
    const judge = this.#judge;
    const found = judge.look(brand, picture);
    const alone = found && judge.anomaly(brand, [found]);
    const inLot = found && judge.anomaly(brand, [found], baseline);
    if (!found || !alone || !inLot) return undefined;
    const { p, label } = judge.inclusion(found);
    return { looked: { anomaly: alone.p, inLot: inLot.p, inclusion: p, label }, baseline: inLot.baseline };
  }
}
