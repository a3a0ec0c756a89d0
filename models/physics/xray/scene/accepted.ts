import { Assembly } from '../assembly.ts';
import { Random } from '../random.ts';
import { type Solid, type Span, turnedAxes } from '../solids.ts';
import type { Room } from './containers.ts';
import { addPallet } from './stow.ts';

/** What may lie in a container that is empty for the customs. */
export const acceptedKinds = ['cardboard', 'dirt', 'dunnage', 'pallets', 'straps', 'water'] as const;
export type AcceptedKind = (typeof acceptedKinds)[number];

export interface AcceptedThing {
  readonly kind: AcceptedKind;
  /** Where, 0 at the front to 1 at the doors. */
  readonly at: number;
  readonly seed: number;
}

/** One thing that may stay, somewhere around its place. */
export function acceptedSolids(thing: AcceptedThing, room: Room): readonly Solid[] {
  const into = new Assembly('accepted');
  const random = new Random(thing.seed);
  const x = room.x[0] + thing.at * (room.x[1] - room.x[0]);
  makers[thing.kind](into, x, room, random);
  return into.solids;
}

type Make = (into: Assembly, x: number, room: Room, random: Random) => void;

const within = (value: number, [from, to]: Span) => Math.min(to, Math.max(from, value));

const makers: Readonly<Record<AcceptedKind, Make>> = {
  straps(into, x, room, random) {
    const count = random.integer(1, 4);
    for (let i = 0; i < count; i++) {
      const at = within(x + random.between(-900, 900), [room.x[0] + 20, room.x[1] - 400]);
      const side = random.chance(0.5) ? room.y[0] + 20 : room.y[1] - 20;
      const top = room.z[0] + random.between(300, room.z[1] - room.z[0] - 100);
      into.block([at, at + 50], [side - 2, side + 2], [room.z[0] + random.between(0, 200), top], 'polyester');
      // A heap of webbing and a ratchet on the floor.
      const heap = random.between(80, 180);
      into.add(
        { kind: 'ellipsoid', centre: [at + 160, side * 0.9, room.z[0]], radii: [heap, heap, heap * 0.35] },
        'polyester',
        0.35,
      );
      if (random.chance(0.6))
        into.block(
          [at + 90, at + 240],
          [side * 0.9 - 35, side * 0.9 + 35],
          [room.z[0], room.z[0] + 40],
          'steel',
          2.6,
        );
    }
  },
  dunnage(into, x, room, random) {
    const count = random.integer(2, 7);
    for (let i = 0; i < count; i++) {
      const length = random.between(400, 2200);
      const centre = [
        within(x + random.between(-1200, 1200), [room.x[0] + length / 2, room.x[1] - length / 2]),
        random.between(room.y[0] + 150, room.y[1] - 150),
        room.z[0] + random.between(25, 60),
      ] as const;
      const yaw = Math.abs(centre[1]) > 1000 ? 0 : random.between(-0.5, 0.5);
      into.add(
        {
          kind: 'turned',
          centre,
          halves: [length / 2, random.between(35, 60), random.between(22, 50)],
          axes: turnedAxes(yaw, 0),
        },
        'wood',
      );
    }
    // A flat air bag.
    if (random.chance(0.5))
      into.block(
        [x, x + random.between(600, 900)],
        [room.y[1] - 40, room.y[1] - 34],
        [room.z[0] + 10, room.z[0] + random.between(700, 1200)],
        'polyethylene',
        0.5,
      );
  },
  pallets(into, x, room, random) {
    const length = random.pick([1000, 1140, 1200]);
    const from = within(x, [room.x[0] + 20, room.x[1] - length - 30]);
    const y0 = random.between(room.y[0] + 30, room.y[1] - 1230);
    if (random.chance(0.25)) {
      // One that leans upright at a wall.
      into.block(
        [from, from + length],
        [room.y[1] - 160, room.y[1] - 130],
        [room.z[0], room.z[0] + 1000],
        'wood',
        0.3,
      );
      into.block(
        [from, from + length],
        [room.y[1] - 50, room.y[1] - 30],
        [room.z[0], room.z[0] + 1000],
        'wood',
        0.25,
      );
      return;
    }
    const count = random.integer(1, 4);
    for (let i = 0; i < count; i++) {
      const slip = random.between(-20, 20);
      addPallet(into, [from + slip, from + slip + length], [y0, y0 + 1000], room.z[0] + i * 146);
    }
  },
  dirt(into, x, room, random) {
    const patches = random.integer(2, 10);
    for (let i = 0; i < patches; i++) {
      const radius = random.logBetween(60, 700);
      const centre = [
        within(x + random.between(-2500, 2500), room.x),
        random.between(room.y[0], room.y[1]) * 0.8,
        room.z[0],
      ] as const;
      into.add(
        { kind: 'ellipsoid', centre, radii: [radius, Math.min(radius, 400), random.logBetween(2, 18)] },
        random.pick(['soil', 'sand', 'rice'] as const),
        random.between(0.6, 1.3),
      );
    }
  },
  cardboard(into, x, room, random) {
    const count = random.integer(1, 4);
    for (let i = 0; i < count; i++) {
      const length = random.between(300, 1300);
      const from = within(x + random.between(-900, 900), [room.x[0] + 5, room.x[1] - length - 5]);
      const y0 = random.between(room.y[0] + 50, room.y[1] - 700);
      if (random.chance(0.5)) {
        const thick = random.between(4, 30);
        into.block(
          [from, from + length],
          [y0, y0 + random.between(300, 650)],
          [room.z[0], room.z[0] + thick],
          'cardboard',
          0.15,
        );
      } else {
        // An empty carton.
        const height = random.between(200, 500);
        into.hollow(
          [from, from + Math.min(length, 600)],
          [y0, y0 + 400],
          [room.z[0], room.z[0] + height],
          4,
          'cardboard',
        );
      }
    }
  },
  water(into, x, room, random) {
    const count = random.integer(1, 4);
    for (let i = 0; i < count; i++) {
      const radius = random.between(200, 900);
      const centre = [
        within(x + random.between(-1000, 1000), room.x),
        random.between(-500, 500),
        room.z[0],
      ] as const;
      into.add(
        { kind: 'ellipsoid', centre, radii: [radius, random.between(150, 600), random.between(1, 5)] },
        'water',
      );
    }
  },
};
