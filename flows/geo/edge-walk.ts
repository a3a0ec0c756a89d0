import { noCorners } from './cell-runs.ts';
import type { Segment } from './crossing.ts';
import { baseOf, edgesOf, type Grid, sizeOf } from './grid.ts';
import { alongLine } from './lattice.ts';

/**
 * Receives a run of edges of a part: `count` of them, from a vertex on; and where it lies: its corners begin at `corners` in
 * the grid's cells, -1 when they are not packed, in the coordinates of the cell of a column and a row.
 */
export type Run = (
  part: number,
  vertex: number,
  count: number,
  corners: number,
  column: number,
  row: number,
) => void;

export interface EdgeWalk {
  /** Runs of edges in the cells that a segment passes; an edge comes once for each of its cells. */
  along(segment: Segment, run: Run): void;
  /** Runs of edges in the cells of a box; false, and nothing is done, when there are too many cells. */
  around(west: number, south: number, east: number, north: number, run: Run): boolean;
}

/** Beyond so many cells, a look at all edges of a fence is as good. */
const mostCells = 4096;

export function edgeWalk({ lattice, blocks, cells }: Grid): EdgeWalk {
  const { x0, y0, perX, perY, columns, rows, shift } = lattice;
  const mask = (1 << shift) - 1;
  const lastColumn = (columns << shift) - 1;
  const lastRow = (rows << shift) - 1;

  function row(number: number, from: number, to: number, run: Run): void {
    const blockRow = (number >> shift) * columns;
    const end = Math.min(to, lastColumn);
    for (let column = Math.max(from, 0); column <= end; column++) {
      const base = baseOf(blocks[blockRow + (column >> shift)] as number);
      if (base < 0) {
        column |= mask; // none of the block's cells has an edge
        continue;
      }
      const cell = base + ((number & mask) << shift) + (column & mask);
      const last = cells[cell + 1] as number;
      let count = 0;
      for (let at = cells[cell] as number; at < last; at += sizeOf(count)) {
        const word = cells[at] as number;
        count = edgesOf(word);
        if (count === 0) continue;
        const vertex = cells[at + 1] as number;
        run(word >>> 9, vertex & ~noCorners, count, vertex < 0 ? -1 : at + 2, column, number);
      }
    }
  }

  let run: Run = () => undefined;
  /** One for all walks: a closure a walk would cost as much as a short one. */
  const span = (number: number, from: number, to: number) => row(number, from, to, run);
  return {
    along({ x1, y1, x2, y2 }, each) {
      const c1 = Math.floor((x1 - x0) * perX);
      const c2 = Math.floor((x2 - x0) * perX);
      const r1 = Math.floor((y1 - y0) * perY);
      const r2 = Math.floor((y2 - y0) * perY);
      const west = Math.min(c1, c2);
      const east = Math.max(c1, c2);
      const south = Math.min(r1, r2);
      const north = Math.max(r1, r2);
      // most ways from fix to fix: a cell too many is less than to find out which
      if (east - west < 2 && north - south < 2) {
        for (let number = south < 0 ? 0 : south; number <= north && number <= lastRow; number++)
          row(number, west, east, each);
        return;
      }
      run = each;
      alongLine(lattice, x1, y1, x2, y2, span);
    },
    around(west, south, east, north, run) {
      const from = Math.max(0, Math.floor((west - x0) * perX));
      const to = Math.min(lastColumn, Math.floor((east - x0) * perX));
      const first = Math.max(0, Math.floor((south - y0) * perY));
      const last = Math.min(lastRow, Math.floor((north - y0) * perY));
      if ((to - from + 1) * (last - first + 1) > mostCells) return false;
      for (let number = first; number <= last; number++) row(number, from, to, run);
      return true;
    },
  };
}
