import { centreX, centreY, type Lattice } from './lattice.ts';
import { even, odd } from './side.ts';

/**
 * Runs of edges in the coordinates of a cell: from its centre, in whole 1024ths of the cell, two of 16 bits in one number. That
 * is a quarter of what doubles take and lies beside the cell. What they do not settle, since each is off by up to a half,
 * is said to be unsettled, and the doubles decide.
 */
const perCell = 1024;
const most = 32_767;

/** What one coordinate is off by at most; what doubles round, here below 1e-6, is in it. */
const off = 0.501;

/** Beside the vertex of a run: one of its corners is too far from the cell to be packed. */
export const noCorners = -0x8000_0000;

/** What is not settled. */
export const unsettled = -1;

/** A longitude from the centre of a cell of a column, and a latitude from that of a row, in 1024ths of the cell. */
export const acrossCell = (lattice: Lattice, column: number, x: number): number =>
  (x - centreX(lattice, column)) * lattice.perX * perCell;
export const upCell = (lattice: Lattice, row: number, y: number): number =>
  (y - centreY(lattice, row)) * lattice.perY * perCell;

/** A corner as a run has it; undefined when it is too far from the cell. */
export function packCorner(
  lattice: Lattice,
  column: number,
  row: number,
  x: number,
  y: number,
): number | undefined {
  const across = Math.round(acrossCell(lattice, column, x));
  const up = Math.round(upCell(lattice, row, y));
  if (!(Math.abs(across) <= most && Math.abs(up) <= most)) return undefined;
  return (up << 16) | (across & 0xffff);
}

/**
 * How often the way from the centre of a cell to a point of the cell crosses the `edges` whose corners are at `cells[first]` and
 * after: `even`, `odd`, or `unsettled`, as it is when the point may lie on one of them. See `crossings` for the rule.
 */
export function crossingsInCell(
  cells: Int32Array,
  first: number,
  edges: number,
  dx: number,
  dy: number,
): number {
  const ofWay = Math.abs(dx) + Math.abs(dy);
  const least = off * ofWay + 1e-3;
  let corner = cells[first] as number;
  let ux = (corner << 16) >> 16;
  let uy = corner >> 16;
  let before = dx * uy - dy * ux;
  if (Math.abs(before) <= least) return unsettled;
  let parity = even;
  const last = first + edges;
  for (let at = first + 1; at <= last; at++) {
    corner = cells[at] as number;
    const vx = (corner << 16) >> 16;
    const vy = corner >> 16;
    const turn = dx * vy - dy * vx;
    if (Math.abs(turn) <= least) return unsettled;
    if (turn > 0 !== before > 0) {
      // the sides of the edge on which the centre and the point are
      const ofCentre = ux * vy - uy * vx;
      const ofPoint = ofCentre - (turn - before);
      const tooNear = off * (Math.abs(ux) + Math.abs(uy) + Math.abs(vx) + Math.abs(vy) + 2 * ofWay) + 1;
      if (Math.abs(ofCentre) <= tooNear || Math.abs(ofPoint) <= tooNear) return unsettled;
      if (ofCentre > 0 !== ofPoint > 0) parity ^= odd;
    }
    ux = vx;
    uy = vy;
    before = turn;
  }
  return parity;
}

/** A straight way in the coordinates of a cell, its ends anywhere. */
export interface WayInCell {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Whether a way may meet one of the edges from the `from`th to the last: the first that it may, or -1 when surely none. */
export function mayMeet(
  cells: Int32Array,
  first: number,
  edges: number,
  from: number,
  way: WayInCell,
): number {
  const { x1, y1, x2, y2 } = way;
  const dx = x2 - x1;
  const dy = y2 - y1;
  const west = (dx < 0 ? x2 : x1) - 1;
  const east = (dx < 0 ? x1 : x2) + 1;
  const south = (dy < 0 ? y2 : y1) - 1;
  const north = (dy < 0 ? y1 : y2) + 1;
  const least = off * (Math.abs(dx) + Math.abs(dy)) + 1e-3;
  let corner = cells[first + from] as number;
  let ux = (corner << 16) >> 16;
  let uy = corner >> 16;
  let before = dx * (uy - y1) - dy * (ux - x1);
  for (let edge = from; edge < edges; edge++) {
    corner = cells[first + edge + 1] as number;
    const vx = (corner << 16) >> 16;
    const vy = corner >> 16;
    const turn = dx * (vy - y1) - dy * (vx - x1);
    const beside = (ux < west && vx < west) || (ux > east && vx > east);
    const aside = (before > least && turn > least) || (before < -least && turn < -least);
    if (!beside && !aside && !((uy < south && vy < south) || (uy > north && vy > north))) return edge;
    ux = vx;
    uy = vy;
    before = turn;
  }
  return -1;
}
