import type { Grid } from './grid.ts';
import { maxParts } from './grid.ts';
import { classifier } from './grid-classify.ts';
import { alongLine, cellsAlongPart, type Extent, type Lattice, latticeFor } from './lattice.ts';
import { boxesOf, type Shapes } from './shapes.ts';

/** So many cells are kept one by one in any case; where there would be more than the budget, cells are made larger. */
const leastCells = 1 << 20;
const cellBudget = (parts: number, edges: number) =>
  Math.max(leastCells, parts * 8 * cellsAlongPart(edges) ** 2);
const blocksPerPart = 4;

/** Offsets of the lattice, part of a cell: no corner is likely to lie on the line of a centre. */
const offsets = [
  0.318_309_886_183_790_7, 0.141_592_653_589_793, 0.577_215_664_901_532_9, 0.914_213_562_373_095,
];

function extentOf(boxes: Float64Array, edges: number): Extent {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  const sizes = new Float64Array(boxes.length / 4);
  for (let part = 0; part < sizes.length; part++) {
    const west = boxes[4 * part] as number;
    const south = boxes[4 * part + 1] as number;
    const east = boxes[4 * part + 2] as number;
    const north = boxes[4 * part + 3] as number;
    minX = Math.min(minX, west);
    minY = Math.min(minY, south);
    maxX = Math.max(maxX, east);
    maxY = Math.max(maxY, north);
    const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
    sizes[part] = Math.max((east - west) * narrow, north - south);
  }
  sizes.sort();
  return { minX, minY, maxX, maxY, size: sizes[sizes.length >> 1] ?? 0, edges };
}

/** Marks the blocks that an edge touches; gives their number, or stops when there are more than `most`. */
function markBlocks(shapes: Shapes, lattice: Lattice, cellsOf: Int32Array, most: number): number {
  const { vertices, rings } = shapes;
  const { columns, shift } = lattice;
  let marked = 0;
  const span = (row: number, from: number, to: number) => {
    const base = (row >> shift) * columns;
    for (let column = from >> shift; column <= to >> shift; column++) {
      if (cellsOf[base + column] === 0) continue;
      cellsOf[base + column] = 0;
      marked += 1;
    }
  };
  for (let ring = 0; ring < rings.length - 1 && marked <= most; ring++) {
    const last = (rings[ring + 1] as number) - 1;
    for (let v = rings[ring] as number; v < last; v++) {
      const at = 2 * v;
      alongLine(
        lattice,
        vertices[at] as number,
        vertices[at + 1] as number,
        vertices[at + 2] as number,
        vertices[at + 3] as number,
        span,
      );
    }
  }
  return marked;
}

/** Numbers the cells of the marked blocks. */
function numberCells(cellsOf: Int32Array, shift: number): number {
  let cells = 0;
  for (let block = 0; block < cellsOf.length; block++) {
    if (cellsOf[block] === -1) continue;
    cellsOf[block] = cells;
    cells += 1 << (2 * shift);
  }
  return cells;
}

/** Counts become the ends of lists: `counts[i + 1]` held how many there are of `i`. */
function sumUp(counts: Uint32Array): Uint32Array {
  for (let i = 1; i < counts.length; i++) counts[i] = (counts[i] as number) + (counts[i - 1] as number);
  return counts;
}

/** The grid on one lattice; undefined when an edge passes through the centre of a cell. */
function fill(shapes: Shapes, boxes: Float64Array, lattice: Lattice, cellsOf: Int32Array): Grid | undefined {
  const cells = numberCells(cellsOf, lattice.shift);
  const starts = new Uint32Array(cells + 1);
  const fullStarts = new Uint32Array(cellsOf.length + 1);
  const classify = classifier(shapes, boxes, lattice, cellsOf, cells);
  const count = (counts: Uint32Array) => (cell: number) => {
    counts[cell + 1] = (counts[cell + 1] as number) + 1;
  };
  const counted = classify({
    run: count(starts),
    extend() {},
    parity() {},
    full: count(fullStarts),
    cover: count(starts),
  });
  if (!counted) return undefined;
  sumUp(starts);
  sumUp(fullStarts);
  const entries = new Uint32Array((starts[cells] as number) * 2);
  const full = new Uint32Array(fullStarts[cellsOf.length] as number);
  const next = starts.slice();
  const nextFull = fullStarts.slice();
  const add = (cell: number, word: number, vertex: number) => {
    const at = next[cell] as number;
    next[cell] = at + 1;
    entries[2 * at] = word;
    entries[2 * at + 1] = vertex;
  };
  const change = (cell: number, by: number) => {
    const at = 2 * ((next[cell] as number) - 1);
    entries[at] = (entries[at] as number) + by;
  };
  classify({
    run: (cell, part, vertex) => add(cell, ((part << 9) | 2) >>> 0, vertex),
    extend: (cell) => change(cell, 2),
    parity: (cell) => change(cell, 1),
    cover: (cell, part) => add(cell, ((part << 9) | 1) >>> 0, 0),
    full(block, part) {
      const at = nextFull[block] as number;
      nextFull[block] = at + 1;
      full[at] = part;
    },
  });
  const blocks = new Int32Array(2 * cellsOf.length + 2);
  for (let block = 0; block <= cellsOf.length; block++) {
    blocks[2 * block] = cellsOf[block] ?? -1;
    blocks[2 * block + 1] = fullStarts[block] as number;
  }
  return { lattice, blocks, full, starts, entries };
}

const nowhere: Extent = { minX: 0, minY: 0, maxX: 0, maxY: 0, size: 1, edges: 0 };

/** Throws a RangeError for more parts than a grid can number. */
export function buildGrid(shapes: Shapes): Grid {
  const parts = shapes.parts.length - 1;
  if (parts >= maxParts) throw new RangeError(`${parts} polygons: a fence set has fewer than ${maxParts}`);
  const boxes = boxesOf(shapes);
  const edges = parts === 0 ? 0 : (shapes.vertices.length / 2 - shapes.rings.length + 1) / parts;
  const extent = parts === 0 ? nowhere : extentOf(boxes, edges);
  const budget = cellBudget(parts, edges);
  for (let coarser = 0, attempt = 0; ; ) {
    const offset = offsets[attempt % offsets.length] as number;
    const lattice = latticeFor(extent, parts * blocksPerPart, coarser, offset / (1 + (attempt >> 2)));
    const cellsOf = new Int32Array(lattice.columns * lattice.rows).fill(-1);
    const most = budget / 4 ** lattice.shift;
    if (markBlocks(shapes, lattice, cellsOf, most) > most) coarser += 1;
    else {
      const grid = fill(shapes, boxes, lattice, cellsOf);
      if (grid) return grid;
      attempt += 1;
    }
  }
}
