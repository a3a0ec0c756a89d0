import type { Grid } from './grid.ts';
import { centreX, centreY } from './lattice.ts';
import type { Shapes } from './shapes.ts';
import { crossings, onEdge } from './side.ts';

/** Answers about single points. */
export interface Locator {
  /**
   * Writes the numbers of the fences that contain a point, edges included, to the front of `out`, each
   * once; gives their number. They are in no particular order.
   */
  containing(x: number, y: number, out: number[]): number;
  /** Whether one fence does. */
  contains(fence: number, x: number, y: number): boolean;
  /** Number of the cell of a point; -1: no edge is in its block, or it is outside of the lattice. */
  cellAt(x: number, y: number): number;
  /** Number of the block of a point, or -1. */
  blockAt(x: number, y: number): number;
  /** Whether an edge touches the cell. */
  hasEdges(cell: number): boolean;
}

/** The fence of every part. */
export function fencesOfParts({ fences, parts }: Shapes): Uint32Array {
  const owners = new Uint32Array(parts.length - 1);
  for (let fence = 0; fence < fences.length - 1; fence++) {
    owners.fill(fence, fences[fence], fences[fence + 1]);
  }
  return owners;
}

export function locator(shapes: Shapes, grid: Grid, owners: Uint32Array): Locator {
  const { vertices } = shapes;
  const { lattice, blocks, full, starts, entries } = grid;
  const { x0, y0, perX, perY, columns, rows, shift } = lattice;
  const mask = (1 << shift) - 1;
  const cellColumns = columns << shift;
  const cellRows = rows << shift;
  const simple = owners.length === shapes.fences.length - 1;

  /** A fence of several parts may have been found by another part of it already. */
  const note = (part: number, out: number[], count: number): number => {
    const fence = simple ? part : (owners[part] as number);
    if (!simple) for (let i = 0; i < count; i++) if (out[i] === fence) return count;
    out[count] = fence;
    return count + 1;
  };

  function containing(x: number, y: number, out: number[]): number {
    const u = (x - x0) * perX;
    const v = (y - y0) * perY;
    if (!(u >= 0 && v >= 0 && u < cellColumns && v < cellRows)) return 0;
    const column = u | 0;
    const row = v | 0;
    const block = (row >> shift) * columns + (column >> shift);
    let count = 0;
    const fullEnd = blocks[2 * block + 3] as number;
    for (let i = blocks[2 * block + 1] as number; i < fullEnd; i++)
      count = note(full[i] as number, out, count);
    const firstCell = blocks[2 * block] as number;
    if (firstCell < 0) return count;
    const cell = firstCell + ((row & mask) << shift) + (column & mask);
    const end = 2 * (starts[cell + 1] as number);
    let part = -1;
    let inside = 0;
    for (let i = 2 * (starts[cell] as number); i < end; i += 2) {
      const word = entries[i] as number;
      const of = word >>> 9;
      if (of !== part) {
        if (inside !== 0) count = note(part, out, count);
        part = of;
        inside = 0;
      }
      inside ^= word & 1;
      const edges = (word >>> 1) & 255;
      if (edges === 0) continue;
      const crossed = crossings(
        vertices,
        entries[i + 1] as number,
        edges,
        centreX(lattice, column),
        centreY(lattice, row),
        x,
        y,
      );
      inside = crossed === onEdge ? inside | onEdge : inside ^ crossed;
    }
    return inside === 0 ? count : note(part, out, count);
  }

  const found: number[] = [];
  const place = (x: number, y: number) => {
    const u = (x - x0) * perX;
    const v = (y - y0) * perY;
    if (!(u >= 0 && v >= 0 && u < cellColumns && v < cellRows)) return -1;
    return ((v | 0) >> shift) * columns + ((u | 0) >> shift);
  };
  return {
    containing,
    contains: (fence, x, y) => {
      const count = containing(x, y, found);
      for (let i = 0; i < count; i++) if (found[i] === fence) return true;
      return false;
    },
    blockAt: place,
    hasEdges(cell) {
      const end = 2 * (starts[cell + 1] as number);
      for (let i = 2 * (starts[cell] as number); i < end; i += 2)
        if ((entries[i] as number) & 510) return true;
      return false;
    },
    cellAt(x, y) {
      const block = place(x, y);
      const firstCell = block < 0 ? -1 : (blocks[2 * block] as number);
      if (firstCell < 0) return -1;
      const column = ((x - x0) * perX) | 0;
      const row = ((y - y0) * perY) | 0;
      return firstCell + ((row & mask) << shift) + (column & mask);
    },
  };
}
