import type { MaterialId } from '../materials.ts';
import { Random } from '../random.ts';
import type { SceneSpec } from '../scene-spec.ts';
import type { Solid } from '../solids.ts';
import { massKgOf } from '../volume.ts';
import { acceptedSolids } from './accepted.ts';
import { type BuiltContainer, buildContainer } from './containers.ts';
import { type Goods, goodsCatalogue } from './goods.ts';
import { smallLoadSolids } from './small-loads.ts';
import { cargoSolids } from './stowage.ts';
import { buildVehicle } from './vehicles.ts';

export interface BuiltLoad {
  readonly material: MaterialId;
  readonly hs?: string;
  readonly litres: number;
  readonly massKg: number;
  readonly kind: 'cargo' | 'smuggled';
}

export interface BuiltScene {
  readonly solids: readonly Solid[];
  readonly loads: readonly BuiltLoad[];
  readonly container: BuiltContainer;
  /** From the nose of the truck at 0. */
  readonly lengthMm: number;
}

export function buildScene(spec: SceneSpec): BuiltScene {
  const random = new Random(spec.seed, 2);
  const vehicle = buildVehicle(spec.vehicle.model, spec.container, spec.vehicle.fuel);
  const container = buildContainer(
    spec.container,
    vehicle.containerX,
    vehicle.containerZ,
    random.between(0, 200),
  );
  const solids: Solid[] = [...vehicle.solids, ...container.solids];
  const loads: BuiltLoad[] = [];
  for (const cargo of spec.cargo) {
    const own = cargoSolids(cargo, container.room, loads.length);
    // Nothing of it had room: then there is no load.
    if (own.length === 0) continue;
    solids.push(...own);
    const goods: Goods = goodsCatalogue[cargo.goods];
    const massKg = massOf(own);
    const litres = massKg / goods.bulkGCm3;
    loads.push({ material: goods.material, hs: goods.hs, litres, massKg, kind: 'cargo' });
  }
  for (const thing of spec.accepted) solids.push(...acceptedSolids(thing, container.room));
  for (const small of spec.smallLoads) {
    const own = smallLoadSolids(small, container, loads.length);
    solids.push(...own);
    loads.push({ material: small.material, litres: small.litres, massKg: massOf(own), kind: 'smuggled' });
  }
  return { solids, loads, container, lengthMm: vehicle.lengthMm };
}

const massOf = (solids: readonly Solid[]) => solids.reduce((sum, solid) => sum + massKgOf(solid), 0);
