import { orient2d } from 'robust-predicates';

/** A straight way from one fix to the next, in degrees. */
export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const between = (a: number, b: number, c: number) => Math.min(a, b) <= c && c <= Math.max(a, b);

/** Where along the segment (0..1) a point of its line is. */
function fractionAt({ x1, y1, x2, y2 }: Segment, x: number, y: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  if (dx === 0 && dy === 0) return 1; // it did not move: what there is, is at its newest fix
  const fraction = Math.abs(dx) > Math.abs(dy) ? (x - x1) / dx : (y - y1) / dy;
  return Math.max(0, Math.min(1, fraction));
}

/**
 * Appends to `fractions` where along the segment (0..1) it meets an edge, touching included. The edge goes from a vertex to the
 * next, given by its number: doubles as arguments would each be put in a box. Whether it is met is decided exactly; where, to a
 * double's precision. A stretch along the edge gives both of its ends.
 */
export function meetEdge(
  vertices: Float64Array,
  vertex: number,
  segment: Segment,
  fractions: number[],
): void {
  const at = 2 * vertex;
  const [ax, ay] = [vertices[at] as number, vertices[at + 1] as number];
  const [bx, by] = [vertices[at + 2] as number, vertices[at + 3] as number];
  const { x1, y1, x2, y2 } = segment;
  if ((ax < x1 && ax < x2 && bx < x1 && bx < x2) || (ax > x1 && ax > x2 && bx > x1 && bx > x2)) return;
  if ((ay < y1 && ay < y2 && by < y1 && by < y2) || (ay > y1 && ay > y2 && by > y1 && by > y2)) return;
  const a = orient2d(x1, y1, x2, y2, ax, ay);
  const b = orient2d(x1, y1, x2, y2, bx, by);
  if ((a > 0 && b > 0) || (a < 0 && b < 0)) return;
  if (a === 0 || b === 0) {
    // an end of the edge on the segment's line: met if it lies on the segment
    if (a === 0 && between(x1, x2, ax) && between(y1, y2, ay)) fractions.push(fractionAt(segment, ax, ay));
    if (b === 0 && between(x1, x2, bx) && between(y1, y2, by)) fractions.push(fractionAt(segment, bx, by));
    if (a !== 0 || b !== 0 || orient2d(ax, ay, bx, by, x1, y1) !== 0) return;
    // along one line: an end of the segment may lie within the edge. To a segment without length all
    // points are on its line, which is why its start was asked for too
    if (between(ax, bx, x1) && between(ay, by, y1)) fractions.push(0);
    if (between(ax, bx, x2) && between(ay, by, y2)) fractions.push(1);
    return;
  }
  const c = orient2d(ax, ay, bx, by, x1, y1);
  const d = orient2d(ax, ay, bx, by, x2, y2);
  if ((c > 0 && d > 0) || (c < 0 && d < 0)) return;
  fractions.push(Math.max(0, Math.min(1, c / (c - d))));
}
