import type { Part } from './fences.ts';

/** Entries of all cells together, for each part: bounds memory where parts overlap much. */
const entriesPerPart = 64;
const cellsPerPart = 4;
const maxSide = 1024;

/**
 * A plain grid over all parts, each cell with the numbers of the parts whose box touches it, ascending.
 * Most ways from fix to fix stay in one cell: what they may meet is found by one look-up.
 */
export interface Cells {
  /** Number of the cell of a point, or -1 outside of the grid. */
  cellAt(x: number, y: number): number;
  /** Parts of cell `c` are `parts[starts[c]]` up to, not including, `parts[starts[c + 1]]`. */
  readonly starts: Uint32Array;
  readonly parts: Uint32Array;
}

interface Range {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const extent = (parts: readonly Part[]): Range => ({
  minX: parts.reduce((least, part) => Math.min(least, part.minX), Infinity),
  minY: parts.reduce((least, part) => Math.min(least, part.minY), Infinity),
  maxX: parts.reduce((most, part) => Math.max(most, part.maxX), -Infinity),
  maxY: parts.reduce((most, part) => Math.max(most, part.maxY), -Infinity),
});

export function buildCells(parts: readonly Part[]): Cells {
  const all = extent(parts);
  const grid = (side: number) => {
    const perX = all.maxX > all.minX ? side / (all.maxX - all.minX) : 0;
    const perY = all.maxY > all.minY ? side / (all.maxY - all.minY) : 0;
    // never falls, so that a point is in a cell of every box that it is in
    const column = (x: number) => Math.min(side - 1, Math.floor((x - all.minX) * perX));
    const row = (y: number) => Math.min(side - 1, Math.floor((y - all.minY) * perY));
    const each = (visit: (cell: number, part: number) => void) => {
      parts.forEach((part, number) => {
        const lastRow = row(part.maxY);
        const lastColumn = column(part.maxX);
        for (let r = row(part.minY); r <= lastRow; r++) {
          for (let c = column(part.minX); c <= lastColumn; c++) visit(r * side + c, number);
        }
      });
    };
    const entries = parts.reduce(
      (sum, { minX, minY, maxX, maxY }) =>
        sum + (column(maxX) - column(minX) + 1) * (row(maxY) - row(minY) + 1),
      0,
    );
    return { side, column, row, each, entries };
  };
  let chosen = grid(Math.max(1, Math.min(maxSide, Math.ceil(Math.sqrt(parts.length * cellsPerPart)))));
  while (chosen.side > 1 && chosen.entries > parts.length * entriesPerPart) chosen = grid(chosen.side >> 1);

  const { side, column, row, each } = chosen;
  const starts = new Uint32Array(side * side + 1);
  each((cell) => {
    starts[cell + 1] = (starts[cell + 1] as number) + 1;
  });
  for (let cell = 0; cell < side * side; cell++) {
    starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number);
  }
  const next = starts.slice();
  const sorted = new Uint32Array(starts[side * side] as number);
  each((cell, part) => {
    const slot = next[cell] as number;
    next[cell] = slot + 1;
    sorted[slot] = part;
  });
  return {
    starts,
    parts: sorted,
    cellAt(x, y) {
      if (!(x >= all.minX && x <= all.maxX && y >= all.minY && y <= all.maxY)) return -1;
      return row(y) * side + column(x);
    },
  };
}
