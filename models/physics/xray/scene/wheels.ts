import type { Assembly } from '../assembly.ts';
import { cylinder, type Point } from '../solids.ts';

export type WheelKind = 'single' | 'twin';

/** An axle across with its wheels; its height follows from their size. */
export function addAxle(parts: Assembly, x: number, kind: WheelKind, radius = 500): void {
  parts.tube([x, -900, radius], [x, 900, radius], 70, 14, 'steel');
  for (const side of [-1, 1]) {
    const wheels = kind === 'twin' ? [1070, 730] : [1030];
    for (const y of wheels) addWheel(parts, x, side * y, radius, kind === 'twin' ? 270 : 330);
    // Drum and hub.
    parts.ring([x, side * 640, radius], [x, side * 860, radius], 210, 185, 'iron');
    parts.add(cylinder([x, side * 640, radius], [x, side * 900, radius], 100), 'iron', 5.5);
    // Leaf or air spring.
    parts.add(
      cylinder([x + 260, side * 520, radius + 40], [x + 260, side * 520, radius + 300], 120),
      'rubber',
      0.25,
    );
  }
}

function addWheel(parts: Assembly, x: number, y: number, radius: number, width: number): void {
  const from = (inset: number): Point => [x, y - width / 2 + inset, radius];
  const to = (inset: number): Point => [x, y + width / 2 - inset, radius];
  const rim = radius * 0.57;
  // Tread, its belt, two side walls.
  parts.ring(from(0), to(0), radius, radius - 24, 'rubber');
  parts.ring(from(15), to(15), radius - 24, radius - 27, 'steel');
  for (const wall of [from(0), to(14)])
    parts.ring(wall, [wall[0], wall[1] + 14, wall[2]], radius - 24, rim, 'rubber');
  parts.ring(from(20), to(20), rim, rim - 9, 'steel');
  parts.add(cylinder([x, y - 6, radius], [x, y + 6, radius], rim - 9), 'steel');
}
