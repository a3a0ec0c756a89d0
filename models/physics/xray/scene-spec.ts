import { type MaterialId, materials } from './materials.ts';
import { Random } from './random.ts';
import { type AcceptedThing, acceptedKinds } from './scene/accepted.ts';
import { type ContainerId, containerIds, containers } from './scene/containers.ts';
import { type Goods, type GoodsId, goodsCatalogue, goodsIds } from './scene/goods.ts';
import { hiddenPlaces, loadShapes, openPlaces, type SmallLoad } from './scene/small-loads.ts';
import { hasRoom } from './scene/stowage.ts';
import { type VehicleId, vehicleIds } from './scene/vehicles.ts';

/** A truck with a container, as plain data: everything that is seen of it follows. */
export interface SceneSpec {
  readonly seed: number;
  readonly vehicle: { readonly model: VehicleId /** Share of the tanks. */; readonly fuel: number };
  readonly container: ContainerId;
  readonly cargo: readonly CargoSpec[];
  readonly accepted: readonly AcceptedThing[];
  readonly smallLoads: readonly SmallLoad[];
}

/** Goods over a stretch of the container, 0 at the front to 1 at the doors. */
export interface CargoSpec {
  readonly goods: GoodsId;
  readonly from: number;
  readonly to: number;
  /** Share of the height that the goods could be stacked. */
  readonly height: number;
  readonly seed: number;
}

/** What is drawn, and how often. What is left out of a list is held out. */
export interface SceneOptions {
  readonly goods?: readonly GoodsId[];
  readonly containers?: readonly ContainerId[];
  readonly vehicles?: readonly VehicleId[];
  /** Of small loads. */
  readonly materials?: readonly MaterialId[];
  /** Share of scenes without any load. */
  readonly empty?: number;
  /** Of those with a load, the share that have a small one and no cargo. */
  readonly small?: number;
  /** Of small loads, the share that are put where they are hard to see. */
  readonly hidden?: number;
  readonly litres?: readonly [least: number, most: number];
}

/** What smugglers are known to put into empty containers, and simulants of it. */
export const smallLoadMaterials: readonly MaterialId[] = [
  'cocaine',
  'cotton',
  'electronics',
  'lead',
  'polyethylene',
  'rice',
  'steel',
  'sugar',
  'tobacco',
  'water',
  'wine',
];

/** A scene drawn at random: the same for the same seed and options. */
export function drawScene(seed: number, options: SceneOptions = {}): SceneSpec {
  const random = new Random(seed, 1);
  const container = random.pick(options.containers ?? containerIds);
  const scene = {
    seed,
    vehicle: { model: random.pick(options.vehicles ?? vehicleIds), fuel: random.between(0.1, 0.95) },
    container,
  };
  if (random.chance(options.empty ?? 0.5))
    return { ...scene, cargo: [], accepted: drawAccepted(random), smallLoads: [] };
  if (random.chance(options.small ?? 0.5))
    return {
      ...scene,
      cargo: [],
      accepted: drawAccepted(random),
      smallLoads: drawSmallLoads(random, options, container),
    };
  return {
    ...scene,
    cargo: drawRealCargo(random, options, container),
    accepted: random.chance(0.3) ? drawAccepted(random) : [],
    smallLoads: [],
  };
}

function drawAccepted(random: Random): readonly AcceptedThing[] {
  const count = random.chance(0.25) ? 0 : random.integer(1, 4);
  return Array.from({ length: count }, () => ({
    kind: random.pick(acceptedKinds),
    at: random.next(),
    seed: random.bits(),
  }));
}

function drawSmallLoads(random: Random, options: SceneOptions, container: ContainerId): readonly SmallLoad[] {
  const count = random.chance(0.8) ? 1 : random.integer(2, 3);
  const [least, most] = options.litres ?? [0.5, 300];
  return Array.from({ length: count }, () => {
    const material = random.pick(options.materials ?? smallLoadMaterials);
    // Dense things come in small pieces: nobody carries in 300 litres of lead.
    const dense = materials[material].densityGCm3 > 4;
    const places = random.chance(options.hidden ?? 0.25)
      ? hiddenPlaces.filter((place) => place !== 'plant' || containers[container].kind === 'reefer')
      : openPlaces;
    return {
      material,
      litres: random.logBetween(least, dense ? Math.max(least, Math.min(most, 20)) : most),
      packing: dense ? random.between(0.5, 1) : random.between(0.45, 0.95),
      shape: random.pick(loadShapes),
      place: random.pick(places),
      at: random.next(),
      seed: random.bits(),
    };
  });
}

/** Draws that are made of goods that have no room, before the container stays as empty as it is. */
const mostDraws = 50;

/** Cargo of which something has room: else an empty container would be called loaded. */
function drawRealCargo(random: Random, options: SceneOptions, container: ContainerId): readonly CargoSpec[] {
  for (let draw = 0; draw < mostDraws; draw++) {
    const cargo = drawCargo(random, options, container);
    if (cargo.some((goods) => hasRoom(goods, container))) return cargo;
  }
  return [];
}

function drawCargo(random: Random, options: SceneOptions, container: ContainerId): readonly CargoSpec[] {
  const cold = containers[container].kind === 'reefer';
  const known = options.goods ?? goodsIds;
  const isCold = (id: GoodsId) => (goodsCatalogue[id] as Goods).cold === true;
  const fitting = known.filter((id) => isCold(id) === cold);
  // A reefer also carries dry goods, on its way back.
  const choice = fitting.length === 0 || (cold && random.chance(0.25)) ? known : fitting;
  const kinds = random.chance(0.75) ? 1 : random.integer(2, 3);
  const part = random.chance(0.3);
  const cargo: CargoSpec[] = [];
  let from = part ? random.between(0, 0.6) : 0;
  const end = part ? Math.min(1, from + random.between(0.12, 0.6)) : random.between(0.93, 1);
  const share = (end - from) / kinds;
  for (let i = 0; i < kinds; i++) {
    cargo.push({
      goods: random.pick(choice),
      from,
      to: from + share,
      height: random.chance(0.6) ? random.between(0.85, 1) : random.between(0.25, 0.85),
      seed: random.bits(),
    });
    from += share;
  }
  return cargo;
}
