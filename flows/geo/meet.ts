import { acrossCell, mayMeet, upCell } from './cell-runs.ts';
import { meetEdge, type Segment } from './crossing.ts';
import { edgeWalk, type Run } from './edge-walk.ts';
import type { Grid } from './grid.ts';
import { insertionSort } from './insertion-sort.ts';
import type { Shapes } from './shapes.ts';

/** Answers about straight ways. */
export interface Meeter {
  /** Appends the numbers of fences whose edges a segment meets, unless they are among the first `count`; gives how many there are then. */
  listMet(segment: Segment, list: number[], count: number): number;
  /** Where along the segment (0..1) it meets the edges of a fence; sorted. */
  meetings(fence: number, segment: Segment): number[];
}

/** The segment as pieces within -180..180; fractions along all pieces are those along the segment. */
function pieces({ x1, y1, x2, y2 }: Segment): Segment[] {
  const turn = x2 > x1 ? 360 : -360;
  return [
    { x1: x1 + turn, y1, x2, y2 },
    { x1, y1, x2: x2 - turn, y2 },
  ];
}

/** What a question needs is kept from question to question: most are about a way of a few metres, and made anew it costs as much as the answer. */
export function meeter({ vertices }: Shapes, grid: Grid, owners: Uint32Array): Meeter {
  const { lattice, cells } = grid;
  const walk = edgeWalk(grid);
  let piece: Segment = { x1: 0, y1: 0, x2: 0, y2: 0 };

  /** The piece in the coordinates of the cell that is looked at. */
  const way = { x1: 0, y1: 0, x2: 0, y2: 0 };
  let [wayColumn, wayRow] = [-1, -1];

  function intoCell(column: number, row: number): void {
    if (wayColumn === column && wayRow === row) return;
    wayColumn = column;
    wayRow = row;
    way.x1 = acrossCell(lattice, column, piece.x1);
    way.y1 = upCell(lattice, row, piece.y1);
    way.x2 = acrossCell(lattice, column, piece.x2);
    way.y2 = upCell(lattice, row, piece.y2);
  }

  function pass(one: Segment, run: Run): void {
    piece = one;
    wayColumn = -1;
    walk.along(one, run);
  }

  function along(segment: Segment, run: Run): void {
    if (Math.abs(segment.x2 - segment.x1) <= 180) pass(segment, run);
    else for (const one of pieces(segment)) pass(one, run);
  }

  let list: number[] = [];
  let listed = 0;
  const met: number[] = [];

  const listIfMet: Run = (part, vertex, count, corners, column, row) => {
    const fence = owners[part] as number;
    for (let i = 0; i < listed; i++) if (list[i] === fence) return;
    if (corners >= 0) intoCell(column, row);
    for (let edge = 0; edge < count; edge++) {
      if (corners >= 0) edge = mayMeet(cells, corners, count, edge, way);
      if (edge < 0) return;
      meetEdge(vertices, vertex + edge, piece, met);
      if (met.length === 0) continue;
      met.length = 0;
      list[listed++] = fence;
      return;
    }
  };

  let wanted = 0;
  let fractions: number[] = [];
  /** Edges that were met: one comes once for each of its cells. */
  const seen: number[] = [];

  const measureIfMet: Run = (part, vertex, count, corners, column, row) => {
    if (owners[part] !== wanted) return;
    if (corners >= 0) intoCell(column, row);
    for (let edge = 0; edge < count; edge++) {
      if (corners >= 0) edge = mayMeet(cells, corners, count, edge, way);
      if (edge < 0) return;
      if (seen.includes(vertex + edge)) continue;
      const before = fractions.length;
      meetEdge(vertices, vertex + edge, piece, fractions);
      if (fractions.length > before) seen.push(vertex + edge);
    }
  };

  return {
    listMet(segment, into, count) {
      list = into;
      listed = count;
      along(segment, listIfMet);
      return listed;
    },
    meetings(fence, segment) {
      wanted = fence;
      fractions = [];
      seen.length = 0;
      along(segment, measureIfMet);
      return insertionSort(fractions, fractions.length, (a, b) => a - b);
    },
  };
}
