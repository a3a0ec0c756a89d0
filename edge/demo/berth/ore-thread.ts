import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type BeltScene, renderBelt } from '#models/physics/ore/belt-picture';
import { Berth, LotRun, openOreWorld } from '#models/physics/ore/berth';
import { CargoLot, drawWaste } from '#models/physics/ore/cargo';
import { drawForeignBody } from '#models/physics/ore/foreign-bodies';
import { lookOfOre, lookOfWaste } from '#models/physics/ore/looks';
import type { Brand, Waste } from '#models/physics/ore/materials';
import { Random } from '#models/physics/xray/random';
import type { OreAnswer, OreRequest, PictureSize } from './ore-messages.ts';

/** Size of the pictures, px. */
const { width, height } = workerData as PictureSize;

/** The physics of ore in a thread below everything else: what is asked for is made and sent, in order. */
setPriority(0, constants.priority.PRIORITY_LOW);
const world = openOreWorld();
const berth = new Berth(world, 7);

const brandOf = (name: string): Brand => {
  const found = world.materials.brands.find((one) => one.name === name);
  if (!found) throw new RangeError(`There is no brand ${name}.`);
  return found;
};
const wasteOf = (name: string): Waste => {
  const found = world.materials.wastes.find((one) => one.name === name);
  if (!found) throw new RangeError(`There is no waste ${name}.`);
  return found;
};

/** The bare belt: its colour is assumed. */
const rubber = { colour: [0.03, 0.03, 0.033], shape: 'powder', grainMm: 0.1, grainSpread: 1 } as const;

/** Red, green and blue of a pixel side by side, as a PPM file. */
function ppm(scene: BeltScene, random: Random): Uint8Array {
  const { planes } = renderBelt(scene, width, height, random);
  const head = Buffer.from(`P6\n${width} ${height}\n255\n`);
  const out = new Uint8Array(head.length + 3 * width * height);
  out.set(head);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) out[head.length + 3 * i + c] = (planes[c] as Uint8Array)[i] as number;
  return out;
}

/** Stretches of a lot that pictures show, and how far they are apart, t. */
const picturesOfLot = 50;
const apartT = 50;

/** Answers to requests; the lot that was asked for last is the one on the belt. */
function answering() {
  let lot = new LotRun(berth, brandOf('PB fines'), 1);
  return (request: OreRequest): OreAnswer => {
    if (request.ask === 'lot') {
      lot = new LotRun(berth, brandOf(request.brand), request.seed);
      return { ask: 'lot' };
    }
    const { waste, share = 0 } = request;
    if (request.ask === 'tonne') {
      const mixed =
        waste === undefined
          ? undefined
          : { truth: drawWaste(wasteOf(waste), new Random(request.seed)), share };
      const { reflectance, counts } = lot.window(1, 1, mixed);
      return { ask: 'tonne', nir: Float32Array.from(reflectance), xrf: Float32Array.from(counts) };
    }
    const random = new Random(request.seed, 3);
    if (request.brand === undefined)
      return { ask: 'picture', ppm: ppm({ ore: rubber, moisturePct: 0, light: 1 }, random) };
    const brand = brandOf(request.brand);
    // All of a brand's pictures are of one lot, some way along it.
    const cargo = new CargoLot(brand, new Random(1, 3));
    let ore = cargo.next(apartT);
    for (let i = request.seed % picturesOfLot; i > 0; i--) ore = cargo.next(apartT);
    const foreign = request.foreign ? [drawForeignBody(request.foreign, width, height, random)] : [];
    const mixed =
      waste === undefined
        ? undefined
        : { look: lookOfWaste(world.nir, wasteOf(waste), drawWaste(wasteOf(waste), random)), share };
    const scene = {
      ore: lookOfOre(world.nir, brand, ore),
      waste: mixed,
      moisturePct: ore.massPct.H2O ?? 8,
      light: 1,
      foreign,
    };
    return { ask: 'picture', ppm: ppm(scene, random) };
  };
}

const answer = answering();
parentPort?.on('message', (request: OreRequest) => parentPort?.postMessage(answer(request)));
const { gainKeV, offsetKeV } = berth.xrf.response;
parentPort?.postMessage({
  ask: 'axes',
  nirNm: Float64Array.from(world.nir.axis),
  gainKeV,
  offsetKeV,
  channels: berth.xrf.channels,
} satisfies OreAnswer);
