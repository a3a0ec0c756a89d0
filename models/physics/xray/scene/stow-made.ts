import type { Assembly } from '../assembly.ts';
import type { MaterialId } from '../materials.ts';
import type { Random } from '../random.ts';
import { cylinder, type Pattern, type Span, turnedAxes } from '../solids.ts';
import type { Room } from './containers.ts';
import { eachStack, type Stow } from './stow.ts';

const widthOf = ([from, to]: Span) => to - from;

/** Tyres lying in stacks: rings of rubber with a belt of steel. */
export const tyres: Stow = (into, room, random) => {
  const radius = random.between(300, 360);
  const width = random.between(190, 240);
  const across = Math.max(1, Math.floor(widthOf(room.y) / (2 * radius)));
  for (let x = room.x[0] + radius; x + radius <= room.x[1]; x += 2 * radius - 20)
    for (let row = 0; row < across; row++) {
      const y = room.y[0] + (widthOf(room.y) * (row + 0.5)) / across;
      for (let z = room.z[0]; z + width <= room.z[1]; z += width) {
        const at = x + random.between(-12, 12);
        into.ring([at, y, z + 3], [at, y, z + width - 3], radius, radius - 16, 'rubber', 1.15);
        into.ring([at, y, z + 20], [at, y, z + width - 20], radius - 14, radius - 16, 'steel', 6);
        for (const side of [z + 3, z + width - 17])
          into.ring([at, y, side], [at, y, side + 14], radius - 16, radius * 0.6, 'rubber', 1.15);
      }
    }
};

/** Bundles of sawn boards with laths between them. */
export const timber: Stow = (into, room, random) => {
  const length = random.pick([2900, 3900, 5800]);
  eachStack(
    room,
    { length: Math.min(length, widthOf(room.x) - 80), height: 560, gap: 60 },
    random,
    (x, z) => {
      const board: Pattern = {
        startMm: x[0],
        parts: [
          { mm: 600, share: 1 },
          { mm: 50, share: 1.03 },
        ],
      };
      const thick = random.pick([38, 50, 75]);
      for (let at = z[0] + 80; at + thick < z[1]; at += thick + 4)
        into.block(
          [x[0] + random.between(0, 40), x[1] - random.between(0, 40)],
          room.y,
          [at, at + thick],
          'wood',
          random.between(0.44, 0.54),
          board,
        );
      for (const share of [0.15, 0.5, 0.85]) {
        const at = x[0] + share * widthOf(x);
        into.block([at, at + 90], room.y, [z[0], z[0] + 80], 'wood');
      }
    },
  );
};

/** Pressed bales of textiles, waste paper or cotton with straps of steel. */
export const bales =
  (size: readonly [number, number], material: MaterialId, density: number): Stow =>
  (into, room, random) =>
    eachStack(room, { length: size[0], height: size[1], gap: 25 }, random, (x, z) => {
      const y: Span = [room.y[0] + random.between(0, 90), room.y[1] - random.between(0, 90)];
      into.block(
        [x[0], x[1] - random.between(0, 30)],
        y,
        [z[0], z[1] - random.between(5, 40)],
        material,
        density * random.between(0.85, 1.15),
      );
      for (const share of [0.25, 0.5, 0.75]) {
        const at = x[0] + share * widthOf(x);
        into.block([at, at + 16], y, [z[1] - 8, z[1] - 7], 'steel');
      }
    });

/** Low stacks of metal on laths: ingots, cathodes, plates. */
export const ingots =
  (length: number, height: number, material: MaterialId, density: number): Stow =>
  (into, room, random) => {
    for (let x = room.x[0] + 60; x + length < room.x[1]; x += length + random.between(180, 600)) {
      const y: Span = [random.between(-1050, -800), random.between(800, 1050)];
      into.block([x + 60, x + 150], y, [room.z[0], room.z[0] + 90], 'wood');
      into.block([x + length - 150, x + length - 60], y, [room.z[0], room.z[0] + 90], 'wood');
      const layers = Math.max(1, Math.floor((widthOf(room.z) - 90) / height));
      for (let layer = 0; layer < layers; layer++) {
        const z = room.z[0] + 90 + layer * height;
        const inset = random.between(0, 12);
        into.block(
          [x + inset, x + length - random.between(0, 12)],
          y,
          [z, z + height - 4],
          material,
          density,
        );
      }
    }
  };

/** Household machines in cartons: a shell of sheet with a motor or compressor low in it. */
export const appliances =
  (size: readonly [length: number, height: number], heart: number): Stow =>
  (into, room, random) => {
    const across = Math.max(1, Math.floor(widthOf(room.y) / 650));
    eachStack(room, { length: size[0], height: size[1], gap: 20 }, random, (x, z) => {
      for (let row = 0; row < across; row++) {
        const y0 = room.y[0] + (widthOf(room.y) * row) / across + 15;
        const y: Span = [y0, y0 + widthOf(room.y) / across - 30];
        const inner: Span = [x[0] + 30, x[1] - 30];
        into.hollow(inner, [y[0] + 20, y[1] - 20], [z[0] + 50, z[1] - 40], 1, 'steel');
        into.hollow(
          [inner[0] + 2, inner[1] - 2],
          [y[0] + 25, y[1] - 25],
          [z[0] + 260, z[1] - 45],
          40,
          'foam',
        );
        const at = (inner[0] + inner[1]) / 2 + random.between(-40, 40);
        const middle = (y[0] + y[1]) / 2;
        into.add(cylinder([at, middle, z[0] + 80], [at, middle, z[0] + 230], heart), 'iron', 4.5);
        into.block([inner[0], inner[0] + 15], y, [z[0] + 300, z[1] - 100], 'copper', 0.12);
      }
      into.block(x, room.y, z, 'cardboard', 0.012);
    });
  };

/** Things of all kinds: spare parts, removals, machines. Nothing is where the next one has it. */
export const assorted =
  (
    materials: readonly (readonly [MaterialId, number])[],
    sizeMm: readonly [number, number],
    fill: number,
  ): Stow =>
  (into, room, random) => {
    const volume = widthOf(room.x) * widthOf(room.y) * widthOf(room.z);
    for (let filled = 0; filled < fill * volume; ) {
      const [material, density] = random.pick(materials);
      const [a, b, c] = [0, 1, 2].map(() => random.logBetween(...sizeMm) / 2) as [number, number, number];
      const reach = Math.max(a, b, c);
      if (2 * reach > Math.min(widthOf(room.y), widthOf(room.z))) continue;
      const x = random.between(room.x[0] + reach, room.x[1] - reach);
      const y = random.between(room.y[0] + reach, room.y[1] - reach);
      const z = room.z[0] + c + (widthOf(room.z) - 2 * c) * random.next() ** 1.7;
      addThing(into, [x, y, z], [a, b, c], material, density, random);
      filled += 8 * a * b * c;
    }
  };

function addThing(
  into: Assembly,
  centre: readonly [number, number, number],
  [a, b, c]: readonly [number, number, number],
  material: MaterialId,
  density: number,
  random: Random,
): void {
  const [x, y, z] = centre;
  const kind = random.next();
  if (kind < 0.45)
    into.add(
      { kind: 'turned', centre, halves: [a, b, c], axes: turnedAxes(random.between(0, 3), 0) },
      material,
      density,
    );
  else if (kind < 0.7) into.add(cylinder([x, y, z - c], [x, y, z + c], Math.min(a, b)), material, density);
  else if (kind < 0.85)
    into.ring([x, y - b, z], [x, y + b, z], Math.min(a, c), Math.min(a, c) * 0.6, material, density);
  else into.add({ kind: 'ellipsoid', centre, radii: [a, b, c] }, material, density);
}

/** Passenger cars, lashed one behind the other. */
export const cars: Stow = (into, room, random) => {
  for (let x = room.x[0] + 120; x + 4300 < room.x[1] + 60; x += random.between(4450, 4800))
    addCar(into, x, room, random);
};

function addCar(into: Assembly, x: number, room: Room, random: Random): void {
  const z = room.z[0];
  const length = random.between(4000, 4350);
  const roof = z + random.between(1400, 1500);
  const outline = [
    [x, z + 300],
    [x + length, z + 300],
    [x + length, z + 900],
    [x, z + 750],
  ] as const;
  const cabin = [
    [x + length * 0.28, z + 850],
    [x + length * 0.92, z + 880],
    [x + length * 0.78, roof],
    [x + length * 0.45, roof],
  ] as const;
  for (const side of [-850, 848]) {
    into.add({ kind: 'profile', outline, y: [side, side + 2] }, 'steel');
    into.add({ kind: 'profile', outline: cabin, y: [side * 0.85, side * 0.85 + 4] }, 'glass', 2);
  }
  into.block([x + length * 0.45, x + length * 0.78], [-650, 650], [roof - 1, roof], 'steel');
  into.block([x + 900, x + length - 400], [-750, 750], [z + 290, z + 292], 'steel');
  into.block([x + 350, x + 900], [-320, 320], [z + 350, z + 760], 'iron', 1.5);
  into.block([x + 120, x + 170], [-350, 350], [z + 350, z + 700], 'aluminium', 0.6);
  into.block([x + length - 900, x + length - 500], [-450, 450], [z + 300, z + 480], 'diesel', 0.4);
  for (const seat of [1500, 2400])
    for (const y of [-380, 380]) {
      into.block([x + seat, x + seat + 480], [y - 240, y + 240], [z + 400, z + 560], 'foam', 0.12);
      into.block([x + seat + 430, x + seat + 560], [y - 230, y + 230], [z + 560, z + 1120], 'foam', 0.12);
    }
  const wheels = { x, length };
  for (const share of [0.17, 0.8]) {
    const at = wheels.x + share * wheels.length;
    for (const y of [-750, 750]) {
      into.ring([at, y - 100, z + 300], [at, y + 100, z + 300], 300, 285, 'rubber');
      into.ring([at, y - 90, z + 300], [at, y + 90, z + 300], 200, 194, 'steel');
      into.add(cylinder([at, y - 30, z + 300], [at, y + 20, z + 300], 130), 'iron', 4);
    }
  }
}
