import { cellColumns, cellPixels, cellRows, coreColumns, marginColumns } from './tiles.ts';

/** A rectangle of cells of a scan: columns along the travel from the scan's start, rows from the top; `to` not included. */
export interface CellBox {
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly fromRow: number;
  readonly toRow: number;
}

/** Connected cells that look like load. */
export interface Spot {
  readonly box: CellBox;
  readonly cells: number;
  /** Greatest logit of load, smoothed over 3 by 3 cells. */
  readonly peak: number;
}

/** Columns of cells that are told of together: 160 mm. */
export const binColumns = 8;

/** What a tile says of `binColumns` columns of cells. */
export interface Bin {
  /** Cells of the container's inside, and the rows that hold them (`to` not included; 0 and 0 without any). */
  readonly inside: number;
  readonly fromRow: number;
  readonly toRow: number;
  /** Greatest smoothed logit of load in them. */
  readonly peak: number;
  /** Cells of them that look like load, and like what may stay in an empty container. */
  readonly load: number;
  readonly harmless: number;
}

/** What one tile says, of its core alone; plain JSON. */
export interface TileAnswer {
  readonly tile: number;
  /** Along the travel, the core from end to end. */
  readonly bins: readonly Bin[];
  readonly spots: readonly Spot[];
}

export const lowestPeak = -20;
/** Spots that a tile tells of, the strongest first: noise must not fill a box's state. */
const mostSpots = 32;
const margin = marginColumns / cellPixels;
const core = coreColumns / cellPixels;
const cellsOfTile = cellRows * cellColumns;

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Mean of the 3 by 3 cells around (row, column); cells beyond the tile's edge count as 0, as in training. */
function smoothed(logits: Float32Array, row: number, column: number): number {
  let sum = 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(cellRows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(cellColumns - 1, column + 1); x++)
      sum += logits[y * cellColumns + x] as number;
  return sum / 9;
}

/** Gathers cells. */
class Extent {
  cells = 0;
  peak = lowestPeak;
  #fromColumn = Number.POSITIVE_INFINITY;
  #toColumn = 0;
  #fromRow = Number.POSITIVE_INFINITY;
  #toRow = 0;

  add(row: number, column: number, peak: number): void {
    this.cells++;
    this.peak = Math.max(this.peak, peak);
    this.#fromColumn = Math.min(this.#fromColumn, column);
    this.#toColumn = Math.max(this.#toColumn, column + 1);
    this.#fromRow = Math.min(this.#fromRow, row);
    this.#toRow = Math.max(this.#toRow, row + 1);
  }

  /** In cells of the scan; all 0 without any cell. */
  box(offset: number): CellBox {
    if (this.cells === 0) return { fromColumn: 0, toColumn: 0, fromRow: 0, toRow: 0 };
    return {
      fromColumn: this.#fromColumn + offset,
      toColumn: this.#toColumn + offset,
      fromRow: this.#fromRow,
      toRow: this.#toRow,
    };
  }
}

/** Follows connected cells (8 neighbours) of `wanted` within the core from `start`, and unmarks them. */
function follow(wanted: Uint8Array, start: number, peakAt: (row: number, column: number) => number): Extent {
  const extent = new Extent();
  const queue = [start];
  wanted[start] = 0;
  for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
    const row = Math.floor(cell / cellColumns);
    const column = cell % cellColumns;
    extent.add(row, column, peakAt(row, column));
    for (let y = Math.max(0, row - 1); y <= Math.min(cellRows - 1, row + 1); y++)
      for (let x = Math.max(margin, column - 1); x <= Math.min(margin + core - 1, column + 1); x++) {
        const next = y * cellColumns + x;
        if (wanted[next] !== 1) continue;
        wanted[next] = 0;
        queue.push(next);
      }
  }
  return extent;
}

/** The planes of a tile's logits. */
interface Planes {
  readonly load: Float32Array;
  readonly harmless: Float32Array;
  readonly inside: Float32Array;
}

/** One bin, from column `first` of the tile on; cells of it that look like load are marked in `wanted`. */
function readBin({ load, harmless, inside }: Planes, first: number, wanted: Uint8Array): Bin {
  const extent = new Extent();
  const counts = { load: 0, harmless: 0 };
  for (let row = 0; row < cellRows; row++)
    for (let column = first; column < first + binColumns; column++) {
      const cell = row * cellColumns + column;
      if ((inside[cell] as number) <= 0) continue;
      extent.add(row, column, smoothed(load, row, column));
      if ((load[cell] as number) > 0) {
        counts.load++;
        wanted[cell] = 1;
      } else if ((harmless[cell] as number) > 0) counts.harmless++;
    }
  const { fromRow, toRow } = extent.box(0);
  return { inside: extent.cells, fromRow, toRow, peak: round(extent.peak), ...counts };
}

/** Logits of one tile, [3, cellRows, cellColumns], to what is kept of them. */
export function readAnswer(tile: number, logits: Float32Array): TileAnswer {
  const plane = (index: number) => logits.subarray(index * cellsOfTile, (index + 1) * cellsOfTile);
  const planes: Planes = { load: plane(0), harmless: plane(1), inside: plane(2) };
  const offset = (tile * coreColumns) / cellPixels - margin;
  const wanted = new Uint8Array(cellsOfTile);
  const bins = Array.from({ length: core / binColumns }, (_, i) =>
    readBin(planes, margin + i * binColumns, wanted),
  );
  const peakAt = (row: number, column: number) => smoothed(planes.load, row, column);
  const spots: Spot[] = [];
  for (let cell = 0; cell < cellsOfTile; cell++) {
    if (wanted[cell] !== 1) continue;
    const extent = follow(wanted, cell, peakAt);
    spots.push({ box: extent.box(offset), cells: extent.cells, peak: round(extent.peak) });
  }
  spots.sort((a, b) => b.peak - a.peak);
  return { tile, bins, spots: spots.slice(0, mostSpots) };
}
