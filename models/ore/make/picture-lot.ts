import { type BeltScene, renderBelt } from '../../physics/ore/belt-picture.ts';
import type { OreWorld } from '../../physics/ore/berth.ts';
import { CargoLot, drawWaste } from '../../physics/ore/cargo.ts';
import { drawForeignBody, type ForeignBody, type ForeignKind } from '../../physics/ore/foreign-bodies.ts';
import { lookOfOre, lookOfWaste } from '../../physics/ore/looks.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import type { Picture } from '../picture-features.ts';

/** Size of the pictures that the models are made of, px. */
export const [pictureWidth, pictureHeight] = [640, 352] as const;
/** Share of lots that rain has fallen on, percent of moisture that it adds, and how far lamps are from what they were set to. */
const wet = { share: 0.15, fromPct: 1, toPct: 3 };
const lampSpread = 0.04;
const windowT = 5;

export interface InPicture {
  readonly waste?: { readonly place: number; readonly share: number };
  readonly foreign?: ForeignKind;
  /** Size of the foreign body beside what its kind usually has. */
  readonly scale?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Pictures of one lot: its ore, its moisture, and the lamps as they are that day. */
export class PictureLot {
  readonly #world: OreWorld;
  readonly #brand: Brand;
  readonly #random: Random;
  readonly #cargo: CargoLot;
  readonly #light: number;

  constructor(world: OreWorld, brand: Brand, seed: number) {
    const random = new Random(seed, 16);
    this.#world = world;
    this.#brand = brand;
    this.#random = random;
    this.#cargo = new CargoLot(
      brand,
      random,
      random.chance(wet.share) ? random.between(wet.fromPct, wet.toPct) : 0,
    );
    this.#light = Math.exp(lampSpread * random.normal());
  }

  /** A picture of the next window, and what foreign body lies in it. */
  next({ waste, foreign, scale = 1, width = pictureWidth, height = pictureHeight }: InPicture = {}): {
    readonly picture: Picture;
    readonly body: ForeignBody | undefined;
  } {
    const [world, random] = [this.#world, this.#random];
    const truth = this.#cargo.next(windowT);
    const material = waste && world.materials.wastes[waste.place];
    const drawn = foreign && drawForeignBody(foreign, width, height, random);
    const body = drawn && { ...drawn, lengthMm: scale * drawn.lengthMm, widthMm: scale * drawn.widthMm };
    const scene: BeltScene = {
      ore: lookOfOre(world.nir, this.#brand, truth),
      moisturePct: truth.massPct.H2O ?? 8,
      light: this.#light,
      ...(material
        ? {
            waste: {
              look: lookOfWaste(world.nir, material, drawWaste(material, random)),
              share: waste.share,
            },
          }
        : {}),
      ...(body ? { foreign: [body] } : {}),
    };
    return { picture: renderBelt(scene, width, height, random), body };
  }
}
