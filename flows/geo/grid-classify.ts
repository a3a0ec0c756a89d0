import { orient2d } from 'robust-predicates';
import { maxRun } from './grid.ts';
import { alongLine, centreX, centreY, type Lattice } from './lattice.ts';
import type { Shapes } from './shapes.ts';

/** What is found of the parts, part by part. */
export interface Found {
  /** An edge of the part touches the cell: a run of edges begins, … */
  run(cell: number, part: number, vertex: number, column: number, row: number): void;
  /** … or the run that was begun last in the cell takes one edge more; it had `edges`. */
  extend(cell: number, edges: number, vertex: number, column: number, row: number): void;
  /** The centre of a cell with an edge of the part is inside; after its runs, of which the last has `edges`. */
  parity(cell: number, edges: number): void;
  /** The part covers the cell, whose block it does not cover, whole. */
  cover(cell: number, part: number): void;
  /** The part covers the block whole. */
  full(block: number, part: number): void;
}

/** Closer than this to a centre, cells, a crossing is decided exactly. */
const near = 1e-6;
/** What the box of a part is taken to be wider than it is, cells. */
const margin = 1e-3;

/**
 * Finds for every part, in order, what it is to blocks and cells; can be called again and finds the same.
 * The answer is false when an edge passes through a centre: then the lattice is of no use.
 */
export function classifier(
  shapes: Shapes,
  boxes: Float64Array,
  lattice: Lattice,
  cellsOf: Int32Array,
  cells: number,
): (found: Found) => boolean {
  const { vertices, rings, parts } = shapes;
  const { x0, y0, perX, perY, columns, shift } = lattice;
  const side = 1 << shift;
  const half = side >> 1;
  const mask = side - 1;
  /** Of each cell, the vertex after the last edge that touched it; its run in progress has so many edges. */
  const last = new Uint32Array(cells);
  const lengths = new Uint8Array(cells);
  /** Of each block, the number of its toggles among those of the part; of other parts' blocks, any. */
  const slots = new Uint32Array(cellsOf.length);
  const slotOwner = new Uint32Array(cellsOf.length);
  let toggles = new Uint8Array(side * side * 16);
  let coarse = new Uint8Array(64);
  const carry = new Uint8Array(side);

  return (found) => {
    last.fill(0);
    slotOwner.fill(0);
    for (let part = 0; part < parts.length - 1; part++) {
      const firstRing = parts[part] as number;
      const endRing = parts[part + 1] as number;
      const firstVertex = rings[firstRing] as number;
      const cellWest = Math.floor(((boxes[4 * part] as number) - x0) * perX - margin);
      const cellSouth = Math.floor(((boxes[4 * part + 1] as number) - y0) * perY - margin);
      const cellEast = Math.floor(((boxes[4 * part + 2] as number) - x0) * perX + margin) + 1;
      const cellNorth = Math.floor(((boxes[4 * part + 3] as number) - y0) * perY + margin);
      const west = cellWest >> shift;
      const south = cellSouth >> shift;
      const north = cellNorth >> shift;
      const across = (cellEast >> shift) - west + 1;
      const blocks = across * (north - south + 1);
      let used = 0;

      let vertex = 0;
      const touch = (row: number, from: number, to: number) => {
        const base = (row >> shift) * columns;
        for (let column = from; column <= to; column++) {
          const block = base + (column >> shift);
          if (slotOwner[block] !== part + 1) {
            slotOwner[block] = part + 1;
            slots[block] = used++;
          }
          const cell = (cellsOf[block] as number) + ((row & mask) << shift) + (column & mask);
          const edges = lengths[cell] as number;
          if (last[cell] === vertex && vertex > firstVertex && edges < maxRun) {
            lengths[cell] = edges + 1;
            found.extend(cell, edges, vertex, column, row);
          } else {
            lengths[cell] = 1;
            found.run(cell, part, vertex, column, row);
          }
          last[cell] = vertex + 1;
        }
      };
      for (let ring = firstRing; ring < endRing; ring++) {
        const end = (rings[ring + 1] as number) - 1;
        for (vertex = rings[ring] as number; vertex < end; vertex++) {
          const at = 2 * vertex;
          alongLine(
            lattice,
            vertices[at] as number,
            vertices[at + 1] as number,
            vertices[at + 2] as number,
            vertices[at + 3] as number,
            touch,
          );
        }
      }

      if (used * side * side > toggles.length) toggles = new Uint8Array(used * side * side * 2);
      if (blocks > coarse.length) coarse = new Uint8Array(blocks * 2);
      else coarse.fill(0, 0, blocks);

      /** From column `column` on to the east, the other side of an edge begins on this row of centres. */
      const toggle = (row: number, column: number) => {
        const blockRow = row >> shift;
        const block = blockRow * columns + (column >> shift);
        if (slotOwner[block] === part + 1) {
          const at = (slots[block] as number) * side * side + ((row & mask) << shift) + (column & mask);
          toggles[at] = (toggles[at] as number) ^ 1;
        }
        if ((row & mask) !== half) return;
        const first = ((column - half + mask) >> shift) - west;
        if (first < across) {
          const at = (blockRow - south) * across + Math.max(0, first);
          coarse[at] = (coarse[at] as number) ^ 1;
        }
      };
      for (let ring = firstRing; ring < endRing; ring++) {
        const end = (rings[ring + 1] as number) - 1;
        for (let v = rings[ring] as number; v < end; v++) {
          if (!crossRows(2 * v, toggle)) return false;
        }
      }

      for (let blockRow = south; blockRow <= north; blockRow++) {
        carry.fill(0);
        let inside = 0;
        for (let column = 0; column < across; column++) {
          const block = blockRow * columns + west + column;
          inside ^= coarse[(blockRow - south) * across + column] as number;
          if (slotOwner[block] !== part + 1) {
            if (inside) found.full(block, part);
            carry.fill(inside);
            continue;
          }
          const base = (slots[block] as number) * side * side;
          const firstCell = cellsOf[block] as number;
          const rowEnd = Math.min(side - 1, cellNorth - (blockRow << shift));
          const columnEnd = Math.min(side - 1, cellEast - ((west + column) << shift));
          for (let row = Math.max(0, cellSouth - (blockRow << shift)); row <= rowEnd; row++) {
            let parity = carry[row] as number;
            for (let c = Math.max(0, cellWest - ((west + column) << shift)); c <= columnEnd; c++) {
              const i = (row << shift) + c;
              parity ^= toggles[base + i] as number;
              toggles[base + i] = 0;
              if (!parity) continue;
              const cell = firstCell + i;
              if ((last[cell] as number) > firstVertex) found.parity(cell, lengths[cell] as number);
              else found.cover(cell, part);
            }
            carry[row] = parity;
          }
        }
      }
    }
    return true;
  };

  /** Where one edge crosses the rows of centres; false when it passes through a centre or a corner lies on a row. */
  function crossRows(at: number, toggle: (row: number, column: number) => void): boolean {
    const ax = vertices[at] as number;
    const ay = vertices[at + 1] as number;
    const bx = vertices[at + 2] as number;
    const by = vertices[at + 3] as number;
    const low = ay < by ? ay : by;
    const high = ay < by ? by : ay;
    const last = Math.floor((high - y0) * perY - 0.5) + 1;
    for (let row = Math.floor((low - y0) * perY - 0.5); row <= last; row++) {
      const y = centreY(lattice, row);
      if (y === low || y === high) return false;
      if (y < low || y > high) continue;
      const x = ax + ((y - ay) / (by - ay)) * (bx - ax);
      const u = (x - x0) * perX - 0.5;
      let column = Math.ceil(u);
      const nearest = Math.round(u);
      if (Math.abs(u - nearest) < near) {
        // orient2d is positive for a point to the right of the edge; east, when the edge goes up
        const turn = orient2d(ax, ay, bx, by, centreX(lattice, nearest), y);
        if (turn === 0) return false;
        column = turn > 0 === by > ay ? nearest : nearest + 1;
      }
      toggle(row, column);
    }
    return true;
  }
}
