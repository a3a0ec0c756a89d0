import { acrossCell, crossingsInCell, noCorners, unsettled, upCell } from './cell-runs.ts';
import { baseOf, edgesOf, type Grid, sizeOf } from './grid.ts';
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
  const { lattice, blocks, fullStarts, full, cells } = grid;
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
    const about = blocks[block] as number;
    if ((about & 1) === 1) {
      const fullEnd = fullStarts[block + 1] as number;
      for (let i = fullStarts[block] as number; i < fullEnd; i++) count = note(full[i] as number, out, count);
    }
    const base = baseOf(about);
    if (base < 0) return count;
    const cell = base + ((row & mask) << shift) + (column & mask);
    const end = cells[cell + 1] as number;
    const dx = acrossCell(lattice, column, x);
    const dy = upCell(lattice, row, y);
    let part = -1;
    let inside = 0;
    let edges = 0;
    for (let at = cells[cell] as number; at < end; at += sizeOf(edges)) {
      const word = cells[at] as number;
      const of = word >>> 9;
      if (of !== part) {
        if (inside !== 0) count = note(part, out, count);
        part = of;
        inside = 0;
      }
      inside ^= word & 1;
      edges = edgesOf(word);
      if (edges === 0) continue;
      const vertex = cells[at + 1] as number;
      let crossed = vertex < 0 ? unsettled : crossingsInCell(cells, at + 2, edges, dx, dy);
      if (crossed === unsettled) {
        const first = vertex & ~noCorners;
        crossed = crossings(vertices, first, edges, centreX(lattice, column), centreY(lattice, row), x, y);
      }
      inside = crossed === onEdge ? inside | onEdge : inside ^ crossed;
    }
    return inside === 0 ? count : note(part, out, count);
  }

  const found: number[] = [];
  return {
    containing,
    contains: (fence, x, y) => {
      const count = containing(x, y, found);
      for (let i = 0; i < count; i++) if (found[i] === fence) return true;
      return false;
    },
  };
}
