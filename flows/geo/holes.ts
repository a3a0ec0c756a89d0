import { orient2d } from 'robust-predicates';
import { liesOn } from './side.ts';

type Ring = readonly (readonly number[])[];

const corner = (ring: Ring, i: number): readonly [number, number] => {
  const [x = 0, y = 0] = ring[i] ?? [];
  return [x, y];
};

/** Where a point is to a closed ring; exact. */
function sideOf(ring: Ring, x: number, y: number): 'in' | 'on' | 'out' {
  let isIn = false;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = corner(ring, i - 1);
    const [bx, by] = corner(ring, i);
    if (liesOn(ax, ay, bx, by, x, y)) return 'on';
    if (ay > y === by > y) continue;
    if (orient2d(ax, ay, bx, by, x, y) > 0 === by > ay) isIn = !isIn;
  }
  return isIn ? 'in' : 'out';
}

/** Whether two rings cross; to touch is not to cross. */
function crossEachOther(one: Ring, other: Ring): boolean {
  const west = (i: number) => Math.min(corner(other, i - 1)[0], corner(other, i)[0]);
  const east = (i: number) => Math.max(corner(other, i - 1)[0], corner(other, i)[0]);
  const order = Array.from({ length: Math.max(0, other.length - 1) }, (_, i) => i + 1).sort(
    (a, b) => west(a) - west(b),
  );
  for (let i = 1; i < one.length; i++) {
    const [ax, ay] = corner(one, i - 1);
    const [bx, by] = corner(one, i);
    for (const j of order) {
      if (west(j) > Math.max(ax, bx)) break;
      if (east(j) < Math.min(ax, bx)) continue;
      const [cx, cy] = corner(other, j - 1);
      const [dx, dy] = corner(other, j);
      const sides = orient2d(ax, ay, bx, by, cx, cy) * orient2d(ax, ay, bx, by, dx, dy);
      if (sides < 0 && orient2d(cx, cy, dx, dy, ax, ay) * orient2d(cx, cy, dx, dy, bx, by) < 0) return true;
    }
  }
  return false;
}

/** Inside, or on the outline, with every corner, and not all on it. */
const isWithin = (hole: Ring, outline: Ring): boolean =>
  hole.every(([x = 0, y = 0]) => sideOf(outline, x, y) !== 'out');
const isStrictlyIn = (ring: Ring, other: Ring): boolean =>
  ring.some(([x = 0, y = 0]) => sideOf(other, x, y) === 'in');

/**
 * What is wrong with the holes of a polygon, with the number of the ring: what sticks out of the outline, or is in two holes, would
 * count as inside, by even and odd.
 */
export function holeProblem([outline = [], ...holes]: readonly Ring[]):
  | { ring: number; message: string }
  | undefined {
  for (const [n, hole] of holes.entries()) {
    const ring = n + 1;
    if (crossEachOther(hole, outline)) return { ring, message: 'the hole crosses the outline' };
    if (!isWithin(hole, outline)) return { ring, message: 'the hole is not inside of the outline' };
    for (const [m, other] of holes.slice(0, n).entries())
      if (crossEachOther(hole, other) || isStrictlyIn(hole, other) || isStrictlyIn(other, hole))
        return { ring, message: `the hole overlaps hole ${m + 1}` };
  }
  return undefined;
}
