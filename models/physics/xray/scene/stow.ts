import type { Assembly } from '../assembly.ts';
import type { MaterialId } from '../materials.ts';
import { roundsPattern } from '../pattern.ts';
import type { Random } from '../random.ts';
import { cylinder, type Span } from '../solids.ts';
import type { Room } from './containers.ts';

/** Puts goods into a free room; what is put stands on its floor. */
export type Stow = (into: Assembly, room: Room, random: Random) => void;

const widthOf = ([from, to]: Span) => to - from;

/** Stacks of `size` from front to rear; calls `each` for every layer of a stack. The last stacks may be lower. */
export function eachStack(
  room: Room,
  size: { readonly length: number; readonly height: number; readonly gap: number },
  random: Random,
  each: (x: Span, z: Span, layer: number) => void,
): void {
  const layers = Math.floor(widthOf(room.z) / size.height);
  const stacks = Math.floor(widthOf(room.x) / (size.length + size.gap));
  for (let stack = 0; stack < stacks; stack++) {
    const x0 = room.x[0] + stack * (size.length + size.gap) + random.between(0, size.gap);
    const short = random.chance(stack === stacks - 1 ? 0.6 : 0.08) ? random.integer(1, 2) : 0;
    for (let layer = 0; layer < Math.max(1, layers - short); layer++) {
      const z0 = room.z[0] + layer * size.height;
      each([x0, x0 + size.length], [z0, z0 + size.height], layer);
    }
  }
}

/** Cartons side by side across; the gaps between them show as a grid. */
export function cartons(options: {
  readonly size: readonly [length: number, height: number];
  readonly material: MaterialId;
  readonly density: number;
  readonly gap: number;
  /** Share of the density, drawn for each carton. */
  readonly spread?: number;
  /** Round things in it: diameter, mm. */
  readonly rounds?: number;
  readonly more?: { readonly material: MaterialId; readonly density: number };
}): Stow {
  return (into, room, random) => {
    const [length, height] = options.size;
    const y: Span = [room.y[0] + random.between(5, 40), room.y[1] - random.between(5, 40)];
    eachStack(room, { length, height, gap: options.gap }, random, (x, z) => {
      const share = 1 + (options.spread ?? 0.03) * random.normal();
      const inner: Span = [x[0] + 4, x[1] - 4];
      const tall: Span = [z[0] + 4, z[1] - 3];
      const pattern = options.rounds
        ? roundsPattern(inner[0], options.rounds * 1.02, options.rounds)
        : undefined;
      into.block(x, y, z, 'cardboard', 0.03);
      into.block(inner, y, tall, options.material, options.density * share, pattern);
      if (options.more)
        into.block(inner, y, tall, options.more.material, options.more.density * share, pattern);
    });
  };
}

/** The same goods on pallets, two abreast, each with its own height. */
export function palletised(stow: Stow, palletMm: number, heightMm: number): Stow {
  return (into, room, random) => {
    const half = widthOf(room.y) / 2;
    for (let side = 0; side < 2; side++) {
      const y: Span = [room.y[0] + side * half + 20, room.y[0] + (side + 1) * half - 20];
      const offset = random.between(0, 120);
      for (let x0 = room.x[0] + offset; x0 + palletMm < room.x[1]; x0 += palletMm + random.between(10, 60)) {
        const x: Span = [x0, x0 + palletMm];
        let z = room.z[0];
        while (z + 500 < room.z[1]) {
          addPallet(into, x, y, z);
          const top = Math.min(z + 144 + heightMm * random.between(0.9, 1), room.z[1]);
          stow(into, { x, y, z: [z + 144, top] }, random);
          z = top + 10;
        }
      }
    }
  };
}

/** Boards above, blocks and boards below. */
export function addPallet(into: Assembly, x: Span, y: Span, z: number): void {
  into.block(x, y, [z + 122, z + 144], 'wood', 0.42);
  into.block(x, y, [z, z + 22], 'wood', 0.22);
  const length = widthOf(x);
  for (const share of [0, 0.45, 0.9]) {
    const at = x[0] + share * length;
    into.block([at, at + length * 0.1], y, [z + 22, z + 122], 'wood', 0.2);
  }
}

/** Sacks: layers that sag, no two stacks alike. */
export function bags(size: readonly [number, number], material: MaterialId, density: number): Stow {
  return (into, room, random) => {
    const [length, height] = size;
    eachStack(room, { length, height, gap: 8 }, random, (x, z) => {
      const sag = random.between(0, height * 0.15);
      const y: Span = [room.y[0] + random.between(0, 60), room.y[1] - random.between(0, 60)];
      into.block(
        [x[0] + 30, x[1] - 30],
        y,
        [z[0], z[1] - sag],
        material,
        density * random.between(0.94, 1.04),
      );
      for (const end of [x[0] + 30, x[1] - 30])
        into.add(
          {
            kind: 'ellipsoid',
            centre: [end, (y[0] + y[1]) / 2, z[0] + height / 2],
            radii: [30, widthOf(y) / 2, height / 2.3],
          },
          material,
          density * 0.5,
        );
    });
  };
}

/** Upright round things in two or more rows: drums, reels of paper, gas bottles. */
export function uprights(options: {
  readonly radius: number;
  readonly height: number;
  readonly material: MaterialId;
  readonly density: number;
  readonly fill?: number;
  readonly shell?: { readonly material: MaterialId; readonly mm: number };
  readonly core?: number;
}): Stow {
  return (into, room, random) => {
    const { radius, height, material, density, shell, core, fill = 1 } = options;
    const across = Math.max(1, Math.floor(widthOf(room.y) / (2 * radius + 10)));
    const layers = Math.max(1, Math.floor(widthOf(room.z) / height));
    const pitch = 2 * radius + 12;
    for (let x = room.x[0] + radius; x + radius <= room.x[1]; x += pitch)
      for (let row = 0; row < across; row++)
        for (let layer = 0; layer < layers; layer++) {
          const y = room.y[0] + (widthOf(room.y) * (row + 0.5)) / across;
          const at = x + (row % 2) * random.between(0, 12);
          const z = room.z[0] + layer * height;
          if (shell) into.tube([at, y, z], [at, y, z + height - 2], radius, shell.mm, shell.material);
          const inner = radius - (shell?.mm ?? 0);
          const top = z + (height - 10) * fill;
          into.add(cylinder([at, y, z + 4], [at, y, top], inner), material, density);
          if (core) into.add(cylinder([at, y, z + 4], [at, y, top], core), material, -density);
        }
  };
}

/** Lying round things with a hole, their axis along or across: coils of steel, cable drums. */
export function lying(options: {
  readonly radius: readonly [number, number];
  readonly length: number;
  readonly axis: 'x' | 'y';
  readonly material: MaterialId;
  readonly density: number;
  readonly gap: number;
}): Stow {
  return (into, room, random) => {
    const { axis, length, material, density, gap } = options;
    const most = widthOf(room.z) / 2 - 70;
    for (let x = room.x[0] + 40; ; ) {
      const radius = Math.min(most, random.between(...options.radius));
      const along = axis === 'x' ? length : 2 * radius;
      if (x + along > room.x[1]) break;
      const z = room.z[0] + radius + 60;
      const y = random.between(-80, 80);
      const half = Math.min(length, widthOf(room.y) - 200) / 2;
      if (axis === 'x') into.ring([x, y, z], [x + length, y, z], radius, radius * 0.45, material, density);
      else
        into.ring(
          [x + radius, y - half, z],
          [x + radius, y + half, z],
          radius,
          radius * 0.45,
          material,
          density,
        );
      for (const chock of [x + 40, x + along - 140])
        into.block([chock, chock + 100], [-900, 900], [room.z[0], room.z[0] + 80], 'wood');
      x += along + gap * random.between(0.8, 1.5);
    }
  };
}
