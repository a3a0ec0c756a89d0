import { metresPerDegree } from './distance.ts';

/**
 * A lattice of cells over the Earth, in blocks of 2^shift cells a side. Only blocks that an edge touches
 * are kept cell by cell. Every cell has a centre, whose coordinates are the same wherever they are asked for.
 */
export interface Lattice {
  /** Its south-western corner, degrees. */
  readonly x0: number;
  readonly y0: number;
  /** Size of a cell, degrees, … */
  readonly width: number;
  readonly height: number;
  /** … and cells in a degree. */
  readonly perX: number;
  readonly perY: number;
  /** Number of blocks. */
  readonly columns: number;
  readonly rows: number;
  readonly shift: number;
}

/**
 * What an edge is taken to be wider than it is, in cells: far more than the rounding of a coordinate
 * in cells (below 1e-9), so that whatever meets an edge finds it in a cell of its own.
 */
export const slack = 1e-6;

export const centreX = (lattice: Lattice, column: number) => lattice.x0 + (column + 0.5) * lattice.width;
export const centreY = (lattice: Lattice, row: number) => lattice.y0 + (row + 0.5) * lattice.height;

/** What the cells are sized for. */
export interface Extent {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  /** Median size of a part, degrees of latitude. */
  readonly size: number;
  /** Edges of a part, on average. */
  readonly edges: number;
}

const maxBlocks = 1 << 20;
const maxShift = 8;
/** No cell is smaller than this, degrees (0.1 m): centres stay well apart in doubles. */
const leastDegrees = 1e-6;

/**
 * Cells along a part's side: so many that a cell has a handful of edges, and no more, because what does not
 * fit a processor's cache is slow.
 */
export const cellsAlongPart = (edges: number) => Math.max(4, Math.min(16, 0.65 * Math.sqrt(edges)));

/**
 * A lattice for parts of a size; `coarser` doubles the cells so many times, and `offset` (0..1) moves it
 * by part of a cell. Its cells are about square on the ground in the middle of the extent.
 */
export function latticeFor(extent: Extent, blocks: number, coarser: number, offset: number): Lattice {
  const { minX, minY, maxX, maxY, size } = extent;
  const scale = metresPerDegree(Math.min(80, Math.abs(minY + maxY) / 2));
  const height = Math.max(leastDegrees, (size / cellsAlongPart(extent.edges)) * 2 ** coarser);
  const width = height * (scale.lat / scale.lon);
  // a cell of margin all around, and the offset
  const cellColumns = (maxX - minX) / width + 4;
  const cellRows = (maxY - minY) / height + 4;
  const most = Math.min(maxBlocks, Math.max(64, blocks));
  let shift = 1;
  while (shift < maxShift && (cellColumns / 2 ** shift + 1) * (cellRows / 2 ** shift + 1) > most) shift++;
  const columns = Math.ceil(cellColumns / 2 ** shift);
  const rows = Math.ceil(cellRows / 2 ** shift);
  if (columns * rows > maxBlocks * 2) return latticeFor(extent, blocks, coarser + 1, offset);
  return {
    x0: minX - (1 + offset) * width,
    y0: minY - (1 + offset) * height,
    width,
    height,
    perX: 1 / width,
    perY: 1 / height,
    columns,
    rows,
    shift,
  };
}

/** Receives a row of cells and its first and last column that something touches. */
export type Span = (row: number, from: number, to: number) => void;

/**
 * Calls `span` for the rows of cells that a straight line touches, with slack. Coordinates in degrees;
 * rows outside of the lattice are left
 * out, columns are not.
 */
export function alongLine(
  lattice: Lattice,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  span: Span,
): void {
  const { x0, y0, perX, perY, rows, shift } = lattice;
  const up = ay <= by;
  const u1 = ((up ? ax : bx) - x0) * perX;
  const v1 = ((up ? ay : by) - y0) * perY;
  const u2 = ((up ? bx : ax) - x0) * perX;
  const v2 = ((up ? by : ay) - y0) * perY;
  const first = Math.max(0, Math.floor(v1 - slack));
  const last = Math.min((rows << shift) - 1, Math.floor(v2 + slack));
  const west = u1 < u2 ? u1 : u2;
  const east = u1 < u2 ? u2 : u1;
  if (v1 >= first && v2 < first + 1 && first === last) {
    span(first, Math.floor(west - slack), Math.floor(east + slack));
    return;
  }
  const slope = (u2 - u1) / (v2 - v1);
  for (let row = first; row <= last; row++) {
    const low = row - slack <= v1 ? u1 : u1 + (row - slack - v1) * slope;
    const high = row + 1 + slack >= v2 ? u2 : u1 + (row + 1 + slack - v1) * slope;
    const from = low < high ? low : high;
    const to = low < high ? high : low;
    span(row, Math.floor((from < west ? west : from) - slack), Math.floor((to > east ? east : to) + slack));
  }
}
