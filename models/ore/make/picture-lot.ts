import { type BeltScene, renderBelt } from '../../physics/ore/belt-picture.ts';
import type { OreWorld } from '../../physics/ore/berth.ts';
import { CargoLot, drawWaste, type OreTruth } from '../../physics/ore/cargo.ts';
import { drawForeignBody, type ForeignBody, type ForeignKind } from '../../physics/ore/foreign-bodies.ts';
import { lookOfOre, lookOfWaste } from '../../physics/ore/looks.ts';
import type { Brand, Waste } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import type { Picture } from '../picture-cells.ts';

/** Size of the pictures that the models are made of, px. */
export const [pictureWidth, pictureHeight] = [640, 352] as const;
/** Share of lots that rain has fallen on. */
export const rainShare = 0.15;
/** Percent of moisture that it adds, and how far lamps are from what they were set to. */
const wet = { fromPct: 1, toPct: 3 };
const lampSpread = 0.04;
const windowT = 5;

export interface InPicture {
  readonly waste?: { readonly place: number; readonly share: number };
  readonly foreign?: ForeignKind;
  /** Size of the foreign body beside what its kind usually has. */
  readonly scale?: number;
  readonly width?: number;
  readonly height?: number;
  /** Tonnes since the picture before. */
  readonly afterT?: number;
}

/** What lies under the camera. */
export interface UnderCamera {
  readonly brand: Brand;
  readonly ore: OreTruth;
  readonly heap: { readonly material: Waste; readonly truth: OreTruth; readonly share: number } | undefined;
  /** Brightness of the lamps beside what they were set to. */
  readonly light: number;
  readonly body: ForeignBody | undefined;
}

export const drawLight = (random: Random): number => Math.exp(lampSpread * random.normal());

/** One picture of it. */
export function pictureOf(
  { nir }: OreWorld,
  { brand, ore, heap, light, body }: UnderCamera,
  { width, height }: { readonly width: number; readonly height: number },
  random: Random,
): Picture {
  const waste = heap && { look: lookOfWaste(nir, heap.material, heap.truth), share: heap.share };
  const scene: BeltScene = {
    ore: lookOfOre(nir, brand, ore),
    moisturePct: ore.massPct.H2O ?? 8,
    light,
    ...(waste ? { waste } : {}),
    ...(body ? { foreign: [body] } : {}),
  };
  return renderBelt(scene, width, height, random);
}

/** Pictures of one lot: its ore, its moisture, and the lamps as they are that day. */
export class PictureLot {
  readonly #world: OreWorld;
  readonly #brand: Brand;
  readonly #random: Random;
  readonly #cargo: CargoLot;
  readonly #light: number;

  constructor(world: OreWorld, brand: Brand, seed: number, rain = rainShare) {
    const random = new Random(seed, 16);
    this.#world = world;
    this.#brand = brand;
    this.#random = random;
    this.#cargo = new CargoLot(
      brand,
      random,
      random.chance(rain) ? random.between(wet.fromPct, wet.toPct) : 0,
    );
    this.#light = drawLight(random);
  }

  /** A picture of the next window, and what foreign body lies in it. */
  next({
    waste,
    foreign,
    scale = 1,
    width = pictureWidth,
    height = pictureHeight,
    afterT = windowT,
  }: InPicture = {}): {
    readonly picture: Picture;
    readonly body: ForeignBody | undefined;
  } {
    const [world, random] = [this.#world, this.#random];
    const ore = this.#cargo.next(afterT);
    const material = waste && world.materials.wastes[waste.place];
    const drawn = foreign && drawForeignBody(foreign, width, height, random);
    const body = drawn && { ...drawn, lengthMm: scale * drawn.lengthMm, widthMm: scale * drawn.widthMm };
    const heap = material && { material, truth: drawWaste(material, random), share: waste.share };
    const scene = { brand: this.#brand, ore, heap, light: this.#light, body };
    return { picture: pictureOf(world, scene, { width, height }, random), body };
  }
}
