import { Assembly } from '../assembly.ts';
import { box, type Solid, type Span } from '../solids.ts';
import { type ContainerId, containers } from './containers.ts';
import { addTractor, type TractorModel, tractors } from './tractor.ts';
import { addAxle } from './wheels.ts';

export type VehicleId = keyof typeof tractors;
export const vehicleIds = Object.keys(tractors) as VehicleId[];

/** A vehicle with room for one container. */
export interface BuiltVehicle {
  readonly solids: readonly Solid[];
  /** Where the container's front and bottom are, mm. */
  readonly containerX: number;
  readonly containerZ: number;
  readonly lengthMm: number;
}

/** A tractor with a skeletal semi-trailer as long as the container, which rides on it. `fuel`: share of the tanks. */
export function buildVehicle(id: VehicleId, container: ContainerId, fuel: number): BuiltVehicle {
  const tractor: TractorModel = tractors[id];
  const parts = new Assembly();
  addTractor(parts, tractor, fuel);
  const length = containers[container].lengthMm;
  const containerX = tractor.containerXMm;
  const lengthMm = addTrailer(parts, tractor, containerX, length);
  return { solids: parts.solids, containerX, containerZ: tractor.deckMm, lengthMm };
}

/** Returns where the trailer ends, mm. */
function addTrailer(parts: Assembly, tractor: TractorModel, x: number, length: number): number {
  const deck = tractor.deckMm;
  const rear = x + length + 60;
  const webTop = deck - 30;
  for (const side of [-480, 480]) {
    const neck = x + Math.min(3200, length * 0.3);
    addBeam(parts, [x + 100, neck], side, [webTop - 150, webTop]);
    addBeam(parts, [neck, rear], side, [webTop - 420, webTop]);
  }
  for (let at = x + 250; at < rear - 200; at += 900)
    parts.hollow([at, at + 80], [-480, 480], [webTop - 140, webTop - 20], 5, 'steel');
  for (const end of [x + 80, x + length - 240])
    parts.hollow([end, end + 160], [-1200, 1200], [deck - 130, deck], 8, 'steel');
  parts.block(
    [x + tractor.kingpinMm - 500, x + tractor.kingpinMm + 500],
    [-450, 450],
    [deck - 190, deck - 180],
    'steel',
  );
  const axles = length > 7000 ? 3 : 2;
  const last = length > 7000 ? rear - 1500 : rear - 900;
  for (let i = 0; i < axles; i++) addAxle(parts, last - i * 1310, tractor.trailerWheels);
  for (const side of [-700, 700]) {
    const leg = x + tractor.kingpinMm + 2500;
    parts.hollow([leg, leg + 120], [side - 60, side + 60], [420, webTop - 60], 8, 'steel');
    parts.block([leg - 60, leg + 180], [side - 110, side + 110], [400, 420], 'steel');
  }
  // Lamps, bumper, air tanks.
  parts.hollow([rear - 110, rear], [-1150, 1150], [480, 600], 4, 'steel');
  parts.tube([last - 4600, -250, 640], [last - 3900, -250, 640], 123, 4, 'steel');
  parts.add(box([rear - 90, rear], [-1200, -900], [webTop - 250, webTop - 120]), 'polyethylene', 0.4);
  parts.add(box([rear - 90, rear], [900, 1200], [webTop - 250, webTop - 120]), 'polyethylene', 0.4);
  return rear;
}

/** An I-beam along x. */
function addBeam(parts: Assembly, x: Span, y: number, z: Span): void {
  parts.block(x, [y - 4, y + 4], z, 'steel');
  for (const edge of [z[0], z[1] - 14]) parts.block(x, [y - 65, y + 65], [edge, edge + 14], 'steel');
}
