import { Assembly } from '../assembly.ts';
import type { Pattern, Solid, Span } from '../solids.ts';
import { reeferPlant } from './reefer.ts';

/** Sizes of ISO 668, mm: outside, then what is free inside. */
export interface ContainerSize {
  readonly kind: 'dry' | 'reefer';
  readonly lengthMm: number;
  readonly heightMm: number;
  readonly inside: { readonly lengthMm: number; readonly widthMm: number; readonly heightMm: number };
  /** Length of one wave of the side walls and how much is added on its slopes. */
  readonly waveMm: readonly [outer: number, slope: number, inner: number];
}

const wave = [72, 68, 70] as const;
const wideWave = [104, 70, 104] as const;
const dry = (lengthMm: number, heightMm: number, waveMm: ContainerSize['waveMm'] = wave): ContainerSize => ({
  kind: 'dry',
  lengthMm,
  heightMm,
  inside: { lengthMm: lengthMm - 160, widthMm: 2352, heightMm: heightMm - 198 },
  waveMm,
});
const reefer = (lengthMm: number, heightMm: number): ContainerSize => ({
  kind: 'reefer',
  lengthMm,
  heightMm,
  inside: { lengthMm: lengthMm - 602, widthMm: 2290, heightMm: heightMm - 340 },
  waveMm: wave,
});

export const containers = {
  'dry-20': dry(6058, 2591),
  'dry-40': dry(12_192, 2591),
  'dry-40-hc': dry(12_192, 2896),
  'dry-20-wide': dry(6058, 2591, wideWave),
  'dry-45-hc': dry(13_716, 2896, wideWave),
  'reefer-20': reefer(6058, 2591),
  'reefer-40-hc': reefer(12_192, 2896),
} as const satisfies Record<string, ContainerSize>;

export type ContainerId = keyof typeof containers;
export const containerIds = Object.keys(containers) as ContainerId[];

const outsideWidth = 2438;

/** The free room of a container that stands at x with its bottom at z, mm. */
export interface Room {
  readonly x: Span;
  readonly y: Span;
  readonly z: Span;
}

export interface BuiltContainer {
  readonly solids: readonly Solid[];
  readonly room: Room;
  /** All of it. */
  readonly outside: Room;
  /** Where a reefer's plant is. */
  readonly plant?: Room;
}

/** A container whose front is at `x` and whose bottom is at `z`; its doors are at the rear. */
export function buildContainer(id: ContainerId, x: number, z: number, phaseMm: number): BuiltContainer {
  const size: ContainerSize = containers[id];
  const { lengthMm, heightMm, inside } = size;
  const outside: Room = {
    x: [x, x + lengthMm],
    y: [-outsideWidth / 2, outsideWidth / 2],
    z: [z, z + heightMm],
  };
  const rear = x + lengthMm - 80;
  const floor = z + (size.kind === 'dry' ? 178 : 240);
  const room: Room = {
    x: [rear - inside.lengthMm, rear],
    y: [-inside.widthMm / 2, inside.widthMm / 2],
    z: [floor, floor + inside.heightMm],
  };
  const frame = new Assembly();
  addFrame(frame, outside);
  addUnderframe(frame, outside);
  if (size.kind === 'dry') addDryShell(frame, outside, room, size, phaseMm);
  else addReeferShell(frame, outside, room);
  addDoors(frame, outside, size.kind === 'reefer');
  if (size.kind === 'dry') return { solids: frame.solids, room, outside };
  const plant: Room = { x: [x + 20, room.x[0] - 90], y: [-1100, 1100], z: [z + 160, z + heightMm - 160] };
  return { solids: [...frame.solids, ...reeferPlant(plant)], room, outside, plant };
}

function addFrame(frame: Assembly, { x, y, z }: Room): void {
  for (const [side, inward] of [
    [y[0], 1],
    [y[1], -1],
  ] as const) {
    const span = (depth: number): Span => (inward > 0 ? [side, side + depth] : [side - depth, side]);
    for (const [end, back] of [
      [x[0], 1],
      [x[1], -1],
    ] as const) {
      const along = (length: number): Span => (back > 0 ? [end, end + length] : [end - length, end]);
      frame.hollow(along(150), span(120), [z[0] + 118, z[1] - 118], 6, 'steel');
      for (const height of [
        [z[0], z[0] + 118],
        [z[1] - 118, z[1]],
      ] as const)
        frame.hollow(along(178), span(162), height, 16, 'steel');
    }
    frame.hollow([x[0] + 178, x[1] - 178], span(60), [z[1] - 60, z[1]], 3, 'steel');
    frame.hollow([x[0] + 178, x[1] - 178], span(48), [z[0] + 12, z[0] + 170], 4.5, 'steel');
  }
  for (const end of [x[0] + 6, x[1] - 106]) {
    frame.hollow([end, end + 100], [y[0] + 170, y[1] - 170], [z[1] - 105, z[1] - 5], 4, 'steel');
    frame.hollow([end, end + 100], [y[0] + 170, y[1] - 170], [z[0] + 5, z[0] + 130], 4, 'steel');
  }
}

/** Cross members: C sections across the container that a line at their web looks along. */
function addUnderframe(frame: Assembly, { x, y, z }: Room): void {
  const across: Span = [y[0] + 50, y[1] - 50];
  for (let at = x[0] + 300; at < x[1] - 250; at += 305) {
    frame.block([at, at + 4], across, [z[0] + 25, z[0] + 147], 'steel');
    frame.block([at + 4, at + 45], across, [z[0] + 143, z[0] + 147], 'steel');
    frame.block([at + 4, at + 45], across, [z[0] + 25, z[0] + 29], 'steel');
  }
}

function addDryShell(frame: Assembly, outside: Room, room: Room, size: ContainerSize, phaseMm: number): void {
  const { x, y, z } = outside;
  const [outer, slope, inner] = size.waveMm;
  const steep = Math.hypot(slope, 36) / slope;
  const walls: Pattern = {
    startMm: x[0] + phaseMm,
    parts: [
      { mm: outer, share: 1 },
      { mm: slope, share: steep },
      { mm: inner, share: 1 },
      { mm: slope, share: steep },
    ],
  };
  const upright: Span = [z[0] + 170, z[1] - 60];
  for (const at of [y[0] + 22, y[1] - 22])
    frame.block([x[0] + 150, x[1] - 150], [at - 0.8, at + 0.8], upright, 'steel', undefined, walls);
  frame.block([x[0] + 60, x[1] - 60], [y[0] + 30, y[1] - 30], [z[1] - 22, z[1] - 20], 'steel', undefined, {
    startMm: x[0],
    parts: [
      { mm: 140, share: 1 },
      { mm: 69, share: 1.06 },
    ],
  });
  // The front wall's waves run upright: seen edge-on, two sheets with the slopes between them.
  for (const [from, to, share] of [
    [14, 16.5, 0.42],
    [16.5, 57, 0.09],
    [57, 59.5, 0.42],
  ] as const)
    frame.block([x[0] + from, x[0] + to], [y[0] + 100, y[1] - 100], upright, 'steel', 7.85 * share);
  frame.block([x[0] + 60, x[1] - 70], room.y, [room.z[0] - 28, room.z[0]], 'plywood');
}

function addReeferShell(frame: Assembly, outside: Room, room: Room): void {
  const { x, y, z } = outside;
  const front = room.x[0] - 80;
  const skins = (a: Span, b: Span, c: Span) => frame.block(a, b, c, 'steel');
  for (const [side, inward] of [
    [y[0], 1],
    [y[1], -1],
  ] as const) {
    const lining = inward > 0 ? room.y[0] : room.y[1];
    const foam: Span = inward > 0 ? [side + 2, lining - 1] : [lining + 1, side - 2];
    frame.block([x[0] + 60, x[1] - 80], foam, [z[0] + 170, z[1] - 30], 'foam');
    skins(
      [x[0] + 60, x[1] - 60],
      [side + inward * 1.5 - 0.4, side + inward * 1.5 + 0.4],
      [z[0] + 170, z[1] - 60],
    );
    skins([room.x[0], room.x[1]], [lining - 0.35, lining + 0.35], room.z);
  }
  frame.block([front, x[1] - 80], room.y, [room.z[1], z[1] - 12], 'foam');
  frame.block([front, x[1] - 80], [y[0] + 40, y[1] - 40], [z[1] - 12, z[1] - 10.8], 'aluminium');
  frame.block([room.x[0], room.x[1]], room.y, [room.z[1], room.z[1] + 0.8], 'steel');
  // The bulkhead before the plant, the T-bars of the floor and what is under them.
  frame.block([front, room.x[0]], room.y, room.z, 'foam');
  frame.block([front, front + 0.8], room.y, room.z, 'steel', 3);
  frame.block([room.x[0], room.x[1]], room.y, [room.z[0] - 63, room.z[0]], 'aluminium', 0.42);
  frame.block([room.x[0], room.x[1]], room.y, [z[0] + 147, room.z[0] - 63], 'foam', 0.06);
}

function addDoors(frame: Assembly, { x, y, z }: Room, insulated: boolean): void {
  const rear = x[1];
  const height: Span = [z[0] + 140, z[1] - 110];
  if (insulated) frame.block([rear - 80, rear - 12], [y[0] + 90, y[1] - 90], height, 'foam');
  frame.block([rear - 60, rear - 57], [y[0] + 110, y[1] - 110], height, 'steel', 5.5);
  for (const middle of [(y[0] - 20) / 2, (y[1] + 20) / 2]) {
    const leaf: Span = [middle - 560, middle + 560];
    for (const edge of [height[0], (height[0] + height[1]) / 2 - 50, height[1] - 100])
      frame.hollow([rear - 62, rear - 14], leaf, [edge, edge + 100], 3, 'steel');
    for (const rod of [middle - 250, middle + 250])
      frame.tube([rear + 10, rod, height[0] - 60], [rear + 10, rod, height[1] + 60], 17, 3, 'steel');
  }
}
