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

/** What one tile says, of its core alone; plain JSON. */
export interface TileAnswer {
  readonly tile: number;
  /** Greatest smoothed logit of load inside the container; -20 where there is no container. */
  readonly peak: number;
  /** Cells that look like load. */
  readonly loadCells: number;
  /** Cells of what may lie in an empty container. */
  readonly harmlessCells: number;
  readonly spots: readonly Spot[];
  /** The container's inside, if any of it is in the core. */
  readonly container?: { readonly cells: number; readonly box: CellBox };
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

class Extent {
  cells = 0;
  peak = lowestPeak;
  #fromColumn = Number.POSITIVE_INFINITY;
  #toColumn = 0;
  #fromRow = Number.POSITIVE_INFINITY;
  #toRow = 0;

  add(row: number, column: number): void {
    this.cells++;
    this.#fromColumn = Math.min(this.#fromColumn, column);
    this.#toColumn = Math.max(this.#toColumn, column + 1);
    this.#fromRow = Math.min(this.#fromRow, row);
    this.#toRow = Math.max(this.#toRow, row + 1);
  }

  /** In cells of the scan. */
  box(offset: number): CellBox {
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
    extent.add(row, column);
    extent.peak = Math.max(extent.peak, peakAt(row, column));
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

/** Logits of one tile, [3, cellRows, cellColumns], to what is kept of them. */
export function readAnswer(tile: number, logits: Float32Array): TileAnswer {
  const load = logits.subarray(0, cellsOfTile);
  const harmless = logits.subarray(cellsOfTile, 2 * cellsOfTile);
  const inside = logits.subarray(2 * cellsOfTile, 3 * cellsOfTile);
  const offset = (tile * coreColumns) / cellPixels - margin;
  const wanted = new Uint8Array(cellsOfTile);
  const container = new Extent();
  let peak = lowestPeak;
  let loadCells = 0;
  let harmlessCells = 0;
  const peakAt = (row: number, column: number) => smoothed(load, row, column);
  for (let row = 0; row < cellRows; row++)
    for (let column = margin; column < margin + core; column++) {
      const cell = row * cellColumns + column;
      if ((inside[cell] as number) <= 0) continue;
      container.add(row, column);
      peak = Math.max(peak, peakAt(row, column));
      if ((load[cell] as number) > 0) {
        loadCells++;
        wanted[cell] = 1;
      } else if ((harmless[cell] as number) > 0) harmlessCells++;
    }
  const spots: Spot[] = [];
  for (let cell = 0; cell < cellsOfTile; cell++) {
    if (wanted[cell] !== 1) continue;
    const extent = follow(wanted, cell, peakAt);
    spots.push({ box: extent.box(offset), cells: extent.cells, peak: round(extent.peak) });
  }
  spots.sort((a, b) => b.peak - a.peak);
  return {
    tile,
    peak: round(peak),
    loadCells,
    harmlessCells,
    spots: spots.slice(0, mostSpots),
    ...(container.cells > 0 && { container: { cells: container.cells, box: container.box(offset) } }),
  };
}
