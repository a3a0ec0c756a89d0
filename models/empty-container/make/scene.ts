import { type Fan, rowOf } from '#models/physics/xray/fan';
import { Random } from '#models/physics/xray/random';
import { type BuiltContainer, buildContainer, type Room } from '#models/physics/xray/scene/containers';
import { buildVehicle } from '#models/physics/xray/scene/vehicles';
import { drawScene, type SceneSpec } from '#models/physics/xray/scene-spec';
import { seen } from '#models/tasks/empty-container/heldout';
import { gridMm } from '#models/tasks/empty-container/tiles';
import { variantCount } from './variants.ts';

/** What a training scan is of: half are empty; most loads are small, for what is full is easy. */
export function trainingScene(seed: number): { machine: number; scene: SceneSpec; pixelMm: number } {
  const random = new Random(seed, 12);
  // A third from G1 itself.
  const machine = random.chance(1 / 3) ? 0 : random.integer(1, variantCount - 1);
  const pixelMm = random.chance(0.06) ? 5 : gridMm;
  return { machine, scene: drawScene(seed, { ...seen, empty: 0.5, small: 0.75 }), pixelMm };
}

/** The container of a scene where it stands. */
export function containerOf({
  vehicle,
  container,
}: Pick<SceneSpec, 'vehicle' | 'container'>): BuiltContainer {
  const { containerX, containerZ } = buildVehicle(vehicle.model, container, vehicle.fuel);
  return buildContainer(container, containerX, containerZ, 0);
}

/** Rows of the network at which floor and ceiling are seen in the middle of the lane. */
export function heightsOf(fan: Fan, room: Room) {
  const rowsMm = fan.pixelMm / gridMm;
  return { floor: rowOf(fan, 0, room.z[0]) * rowsMm, ceiling: rowOf(fan, 0, room.z[1]) * rowsMm };
}
