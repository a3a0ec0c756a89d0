import { orient2d } from 'robust-predicates';

/** What a run of edges is to the way from the centre of a cell to a point. */
export const even = 0;
export const odd = 1;
export const onEdge = 2;

/** Shewchuk's bound of the error of a 2 x 2 determinant in doubles, of the sum of its products. */
const bound = 3.330_669_073_875_472e-16;

const between = (a: number, b: number, c: number) => (a < b ? a <= c && c <= b : b <= c && c <= a);

/** Whether a point lies on the edge from a to b, its ends included; exact. */
export const liesOn = (ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean =>
  between(ax, bx, x) && between(ay, by, y) && orient2d(ax, ay, bx, by, x, y) === 0;

/**
 * How often the way from a centre c to a point p crosses `count` edges from vertex `first` on: `even`, `odd`, or
 * `onEdge` when p lies on one of them. Exact; no edge passes through c.
 *
 * An edge is crossed when its ends are on different sides of the line through c and p (a corner on that
 * line counts as right of it, so that two edges that meet there count as one), and c and p are on
 * different sides of the edge's line. Doubles decide; exact arithmetic where they do not settle it.
 */
export function crossings(
  vertices: Float64Array,
  first: number,
  count: number,
  cx: number,
  cy: number,
  px: number,
  py: number,
): number {
  const dx = px - cx;
  const dy = py - cy;
  let parity = even;
  let wasLeft = false;
  let wasOn = false;
  const end = 2 * (first + count);
  for (let at = 2 * first; at <= end; at += 2) {
    const vx = vertices[at] as number;
    const vy = vertices[at + 1] as number;
    const a = dx * (vy - cy);
    const b = dy * (vx - cx);
    let turn = a - b;
    let isOn = false;
    if (Math.abs(turn) <= bound * Math.abs(a + b)) {
      turn = -orient2d(cx, cy, px, py, vx, vy);
      isOn = turn === 0;
      if (isOn && vx === px && vy === py) return onEdge;
    }
    const left = turn > 0;
    if (at > 2 * first) {
      const ux = vertices[at - 2] as number;
      const uy = vertices[at - 1] as number;
      if (left !== wasLeft) {
        const ofPoint = orient2d(ux, uy, vx, vy, px, py);
        if (ofPoint === 0) return onEdge;
        if (ofPoint > 0 !== orient2d(ux, uy, vx, vy, cx, cy) > 0) parity ^= odd;
      } else if (isOn && wasOn && liesOn(ux, uy, vx, vy, px, py)) return onEdge;
    }
    wasLeft = left;
    wasOn = isOn;
  }
  return parity;
}
