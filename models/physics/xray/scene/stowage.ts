import { Assembly } from '../assembly.ts';
import { Random } from '../random.ts';
import type { CargoSpec } from '../scene-spec.ts';
import type { Solid } from '../solids.ts';
import { type ContainerId, type ContainerSize, containers, type Room } from './containers.ts';
import { type Goods, goodsCatalogue } from './goods.ts';

/** A 20 ft or 40 ft box carries about this much, kg. */
const payloadKg = 26_000;

/** Goods stowed in their stretch of a container's room; none where one piece of them is longer or higher than it. */
export function cargoSolids(cargo: CargoSpec, room: Room, index: number): readonly Solid[] {
  const goods: Goods = goodsCatalogue[cargo.goods];
  const into = new Assembly('load', index);
  const length = room.x[1] - room.x[0];
  const floorM2 = (length * (room.y[1] - room.y[0])) / 1e6;
  const highest = Math.min(room.z[1] - room.z[0] - 60, payloadKg / (goods.bulkGCm3 * floorM2));
  const zone: Room = {
    x: [room.x[0] + cargo.from * length + 15, room.x[0] + cargo.to * length - 15],
    y: room.y,
    z: [room.z[0], room.z[0] + Math.max(250, highest * cargo.height)],
  };
  goods.stow(into, zone, new Random(cargo.seed));
  return into.solids;
}

/** Whether anything of the goods has room. */
export function hasRoom(cargo: CargoSpec, id: ContainerId): boolean {
  const { inside }: ContainerSize = containers[id];
  const half = inside.widthMm / 2;
  const room: Room = { x: [0, inside.lengthMm], y: [-half, half], z: [0, inside.heightMm] };
  return cargoSolids(cargo, room, 0).length > 0;
}
