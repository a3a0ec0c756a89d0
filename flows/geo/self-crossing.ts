import { orient2d } from 'robust-predicates';

type Points = readonly (readonly number[])[];

/** Whether the edges from a to b and from c to d have a point in common; decided exactly. */
function meet(
  a: readonly number[],
  b: readonly number[],
  c: readonly number[],
  d: readonly number[],
): boolean {
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const [cx = 0, cy = 0] = c;
  const [dx = 0, dy = 0] = d;
  const apart =
    Math.max(ax, bx) < Math.min(cx, dx) ||
    Math.max(cx, dx) < Math.min(ax, bx) ||
    Math.max(ay, by) < Math.min(cy, dy) ||
    Math.max(cy, dy) < Math.min(ay, by);
  if (apart) return false;
  const sameSide = (p: number, q: number) => (p > 0 && q > 0) || (p < 0 && q < 0);
  if (sameSide(orient2d(ax, ay, bx, by, cx, cy), orient2d(ax, ay, bx, by, dx, dy))) return false;
  return !sameSide(orient2d(cx, cy, dx, dy, ax, ay), orient2d(cx, cy, dx, dy, bx, by));
}

/** Goes on from b to c straight back over the edge from a to b. */
function turnsBack(a: readonly number[], b: readonly number[], c: readonly number[]): boolean {
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const [cx = 0, cy = 0] = c;
  return orient2d(ax, ay, bx, by, cx, cy) === 0 && (bx - ax) * (cx - bx) + (by - ay) * (cy - by) < 0;
}

/**
 * Two edges of a closed ring that cross or touch where they are not neighbours, as the numbers of their first corners;
 * undefined when the ring is simple. Edges are taken in order of their west end, so that only those side by
 * side are compared.
 */
export function selfCrossing(ring: Points): readonly [number, number] | undefined {
  const points = ring.filter(([x, y], i) => i === 0 || x !== ring[i - 1]?.[0] || y !== ring[i - 1]?.[1]);
  const count = points.length - 1;
  const end = (i: number) => points[i] as readonly number[];
  const west = (i: number) => Math.min(end(i)[0] as number, end(i + 1)[0] as number);
  const east = (i: number) => Math.max(end(i)[0] as number, end(i + 1)[0] as number);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => west(a) - west(b));
  for (const [place, a] of order.entries()) {
    for (let next = place + 1; next < count; next++) {
      const b = order[next] as number;
      if (west(b) > east(a)) break;
      const [first, second] = a < b ? [a, b] : [b, a];
      const follows = second === first + 1;
      const closes = first === 0 && second === count - 1;
      const wrong = follows
        ? turnsBack(end(first), end(second), end(second + 1))
        : closes
          ? turnsBack(end(second), end(0), end(1))
          : meet(end(a), end(a + 1), end(b), end(b + 1));
      if (wrong) return [first, second];
    }
  }
  return undefined;
}
