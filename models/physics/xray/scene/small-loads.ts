import { Assembly } from '../assembly.ts';
import { type MaterialId, materials } from '../materials.ts';
import { Random } from '../random.ts';
import { cylinder, type Point, type Solid, turnedAxes } from '../solids.ts';
import type { BuiltContainer } from './containers.ts';

/** Where a small load is put; the last ones are chosen to hide it. */
export const openPlaces = ['floor', 'corner', 'behind-door', 'wall', 'hung'] as const;
export const hiddenPlaces = [
  'plant',
  'post',
  'roof-rail',
  'underframe',
  'wall-sheet',
  'floor-sheet',
] as const;
export type Place = (typeof openPlaces)[number] | (typeof hiddenPlaces)[number];

export const loadShapes = ['bag', 'bottle', 'box', 'package'] as const;

/** Something in a container that is said to be empty. */
export interface SmallLoad {
  readonly material: MaterialId;
  /** Of the whole load, with the air in it. */
  readonly litres: number;
  /** Share of the solid's density. */
  readonly packing: number;
  readonly shape: (typeof loadShapes)[number];
  readonly place: Place;
  /** Where along the container, 0 at the front to 1 at the doors. */
  readonly at: number;
  readonly seed: number;
}

type Size = readonly [length: number, width: number, height: number];

/** The load's solids; `index` is its number in the scene's truth. */
export function smallLoadSolids(load: SmallLoad, container: BuiltContainer, index: number): readonly Solid[] {
  const random = new Random(load.seed);
  const into = new Assembly('load', index);
  const size = sizeOf(load, random);
  const centre = centreOf(load, outerSize(load, size), container, random);
  const density = materials[load.material].densityGCm3 * load.packing;
  const [length, width, height] = size;
  const sheet = load.place.endsWith('sheet');
  if (load.shape === 'bag' && !sheet)
    into.add(
      { kind: 'ellipsoid', centre, radii: [length * 0.62, width * 0.62, height * 0.62] },
      load.material,
      density,
    );
  else if (load.shape === 'bottle' && !sheet) {
    const [x, y, z] = centre;
    const radius = Math.sqrt((length * width) / Math.PI);
    into.add(cylinder([x, y, z - height / 2], [x, y, z + height / 2], radius), load.material, density);
  } else {
    const yaw = load.place === 'floor' ? random.between(0, 1.5) : 0;
    into.add(
      { kind: 'turned', centre, halves: [length / 2, width / 2, height / 2], axes: turnedAxes(yaw, 0) },
      load.material,
      density,
    );
  }
  return into.solids;
}

/** mm; the volume is that of the box for every shape (an ellipsoid of 0.62 of its sides has the same). */
function sizeOf(load: SmallLoad, random: Random): Size {
  const volume = load.litres * 1e6;
  if (load.place === 'wall-sheet' || load.place === 'floor-sheet') {
    const thick = random.between(12, 40);
    const area = volume / thick;
    const length = Math.min(4000, Math.sqrt(area) * random.between(0.8, 1.8));
    const other = Math.min(2100, area / length);
    return load.place === 'wall-sheet' ? [length, thick, other] : [length, other, thick];
  }
  if (load.place === 'underframe' || load.place === 'roof-rail' || load.place === 'post') {
    const length = Math.min(1900, volume / 90 ** 2);
    const side = Math.sqrt(volume / length);
    return load.place === 'post' ? [side, side, length] : [length, side, side];
  }
  const side = Math.cbrt(volume);
  const flat = load.shape === 'bottle' ? random.between(1.5, 2.5) : random.between(0.5, 1.3);
  const long = random.between(0.8, 1.5);
  const height = Math.min(side * flat, 2000);
  // The plant of a reefer leaves little room along the container.
  const length = Math.min(side * long, load.place === 'plant' ? 300 : Number.POSITIVE_INFINITY);
  return [length, volume / (height * length), height];
}

/** What it takes up: round shapes of the same volume are longer. */
function outerSize(load: SmallLoad, [length, width, height]: Size): Size {
  if (load.place.endsWith('sheet')) return [length, width, height];
  if (load.shape === 'bag') return [length * 1.24, width * 1.24, height * 1.24];
  if (load.shape !== 'bottle') return [length, width, height];
  const diameter = 2 * Math.sqrt((length * width) / Math.PI);
  return [diameter, diameter, height];
}

function centreOf(
  load: SmallLoad,
  size: Size,
  { room, outside, plant }: BuiltContainer,
  random: Random,
): Point {
  const [length, width, height] = size;
  const between = (from: number, to: number) => from + load.at * Math.max(0, to - from);
  const x = between(room.x[0] + length * 0.75, room.x[1] - length * 0.75);
  const floor = room.z[0] + height / 2;
  const side = random.chance(0.5) ? 1 : -1;
  const wall = side * (room.y[1] - width / 2 - 3);
  switch (load.place) {
    case 'floor':
      return [x, random.between(-0.6, 0.6) * (room.y[1] - width / 2), floor];
    case 'corner':
      return [load.at < 0.5 ? room.x[0] + length / 2 + 5 : room.x[1] - length / 2 - 5, wall, floor];
    case 'behind-door':
      return [
        room.x[1] - length / 2 - random.between(0, 60),
        random.between(-0.8, 0.8) * (room.y[1] - width / 2),
        floor,
      ];
    case 'wall':
    case 'wall-sheet':
      return [
        x,
        wall,
        load.place === 'wall' ? floor : Math.max(floor, room.z[0] + random.between(height / 2, 1200)),
      ];
    case 'floor-sheet':
      return [x, 0, floor];
    case 'hung':
      return [
        x,
        random.between(-0.8, 0.8) * (room.y[1] - width),
        room.z[1] - height / 2 - random.between(20, 700),
      ];
    case 'plant': {
      const at = plant ?? room;
      return [
        (at.x[0] + at.x[1]) / 2,
        random.between(-0.9, 0.9) * Math.max(0, at.y[1] - width / 2),
        random.between(at.z[0] + 200, at.z[1] - 500),
      ];
    }
    case 'post':
      return [
        random.chance(0.5)
          ? outside.x[0] + Math.max(75, length / 2)
          : outside.x[1] - Math.max(75, length / 2),
        side * (outside.y[1] - Math.max(65, width / 2)),
        random.between(
          outside.z[0] + 200 + height / 2,
          Math.max(outside.z[0] + 201 + height / 2, outside.z[1] - 200 - height / 2),
        ),
      ];
    case 'roof-rail':
      return [x, wall, room.z[1] - height / 2 - 4];
    case 'underframe':
      return [x, random.between(-0.7, 0.7) * room.y[1], outside.z[0] + 30 + height / 2];
  }
}
