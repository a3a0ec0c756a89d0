import type { Segment } from './crossing.ts';
import type { Grid } from './grid.ts';
import { alongLine } from './lattice.ts';

/** Receives a run of edges of a part: `count` of them, from a vertex on. */
export type Run = (part: number, vertex: number, count: number) => void;

export interface EdgeWalk {
  /** Runs of edges in the cells that a segment passes; an edge comes once for each of its cells. */
  along(segment: Segment, run: Run): void;
  /** Runs of edges in the cells of a box; false, and nothing is done, when there are too many cells. */
  around(west: number, south: number, east: number, north: number, run: Run): boolean;
}

/** Beyond so many cells, a look at all edges of a fence is as good. */
const mostCells = 4096;

export function edgeWalk({ lattice, blocks, starts, entries }: Grid): EdgeWalk {
  const { x0, y0, perX, perY, columns, rows, shift } = lattice;
  const mask = (1 << shift) - 1;
  const lastColumn = (columns << shift) - 1;
  const lastRow = (rows << shift) - 1;

  function row(number: number, from: number, to: number, run: Run): void {
    const base = (number >> shift) * columns;
    const end = Math.min(to, lastColumn);
    for (let column = Math.max(from, 0); column <= end; column++) {
      const firstCell = blocks[2 * (base + (column >> shift))] as number;
      if (firstCell < 0) {
        column |= mask; // none of the block's cells has an edge
        continue;
      }
      const cell = firstCell + ((number & mask) << shift) + (column & mask);
      const last = 2 * (starts[cell + 1] as number);
      for (let i = 2 * (starts[cell] as number); i < last; i += 2) {
        const word = entries[i] as number;
        const count = (word >>> 1) & 255;
        if (count > 0) run(word >>> 9, entries[i + 1] as number, count);
      }
    }
  }

  let run: Run = () => undefined;
  /** One for all walks: a closure a walk would cost as much as a short one. */
  const span = (number: number, from: number, to: number) => row(number, from, to, run);
  return {
    along({ x1, y1, x2, y2 }, each) {
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
