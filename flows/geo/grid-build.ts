import { noCorners, packCorner } from './cell-runs.ts';
import { baseOf, type Grid, maxParts, sizeOf } from './grid.ts';
import { classifier, type Found } from './grid-classify.ts';
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

/** What the cells are asked for first: how many numbers the entries of each take. */
function counter(sizes: Uint32Array, fullStarts: Uint32Array): Found {
  const add = (cell: number, size: number) => {
    sizes[cell] = (sizes[cell] as number) + size;
  };
  return {
    run: (cell) => add(cell, sizeOf(1)),
    extend: (cell) => add(cell, 1),
    parity() {},
    cover: (cell) => add(cell, sizeOf(0)),
    full(block) {
      fullStarts[block + 1] = (fullStarts[block + 1] as number) + 1;
    },
  };
}

/** Where entries and cells lie; sizes become the places at which the entries of the cells begin. Gives the end of all. */
function layOut(sizes: Uint32Array, cellsOf: Int32Array, cellsInBlock: number, blocks: Int32Array): number {
  let place = 0;
  for (let block = 0; block < cellsOf.length; block++) {
    const first = cellsOf[block] as number;
    if (first < 0) continue;
    blocks[block] = 2 * (place + 1);
    place += cellsInBlock + 1;
    for (let cell = first; cell < first + cellsInBlock; cell++) {
      const size = sizes[cell] as number;
      sizes[cell] = place;
      place += size;
    }
  }
  return place;
}

/** Writes the entries of cells from where they begin on; `next` goes along. */
function writer(shapes: Shapes, lattice: Lattice, cells: Int32Array, next: Uint32Array) {
  const { vertices } = shapes;
  const put = (cell: number, word: number) => {
    const at = next[cell] as number;
    next[cell] = at + 1;
    cells[at] = word;
  };
  const change = (cell: number, edges: number, by: number) => {
    const at = (next[cell] as number) - sizeOf(edges);
    cells[at] = (cells[at] as number) + by;
  };
  const corner = (cell: number, edges: number, vertex: number, column: number, row: number) => {
    const packed = packCorner(
      lattice,
      column,
      row,
      vertices[2 * vertex] as number,
      vertices[2 * vertex + 1] as number,
    );
    put(cell, packed ?? 0);
    if (packed !== undefined) return;
    const at = (next[cell] as number) - sizeOf(edges) + 1;
    cells[at] = (cells[at] as number) | noCorners;
  };
  return {
    run(cell: number, part: number, vertex: number, column: number, row: number) {
      put(cell, (part << 9) | 2);
      put(cell, vertex);
      corner(cell, 0, vertex, column, row);
      corner(cell, 1, vertex + 1, column, row);
    },
    extend(cell: number, edges: number, vertex: number, column: number, row: number) {
      change(cell, edges, 2);
      corner(cell, edges + 1, vertex + 1, column, row);
    },
    parity: (cell: number, edges: number) => change(cell, edges, 1),
    cover: (cell: number, part: number) => put(cell, (part << 9) | 1),
  };
}

/** The grid on one lattice; undefined when an edge passes through the centre of a cell. */
function fill(shapes: Shapes, boxes: Float64Array, lattice: Lattice, cellsOf: Int32Array): Grid | undefined {
  const count = numberCells(cellsOf, lattice.shift);
  const cellsInBlock = 1 << (2 * lattice.shift);
  /** Of every cell, how much its entries take; then where they begin; in the end, where they end. */
  const places = new Uint32Array(count);
  const fullStarts = new Uint32Array(cellsOf.length + 1);
  const classify = classifier(shapes, boxes, lattice, cellsOf, count);
  if (!classify(counter(places, fullStarts))) return undefined;
  sumUp(fullStarts);
  const blocks = new Int32Array(cellsOf.length);
  const cells = new Int32Array(layOut(places, cellsOf, cellsInBlock, blocks));
  const full = new Uint32Array(fullStarts[cellsOf.length] as number);
  const nextFull = fullStarts.slice();
  classify({
    ...writer(shapes, lattice, cells, places),
    full(block, part) {
      const at = nextFull[block] as number;
      nextFull[block] = at + 1;
      full[at] = part;
      blocks[block] = (blocks[block] as number) | 1;
    },
  });
  for (let block = 0; block < cellsOf.length; block++) {
    const first = cellsOf[block] as number;
    if (first < 0) continue;
    const base = baseOf(blocks[block] as number);
    cells[base] = base + cellsInBlock + 1;
    for (let i = 0; i < cellsInBlock; i++) cells[base + i + 1] = places[first + i] as number;
  }
  return { lattice, blocks, fullStarts, full, cells };
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
