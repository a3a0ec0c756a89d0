/**
 * Where objects were, coarsely: cells of 1/256 degree (435 m north to south) and stretches of five minutes. It is the
 * index from a place and a time to objects; what is asked of it is then looked at in the fixes themselves.
 */
const cellsPerDegree = 256;
export const stretchMs = 300_000;
/** Cells of a row of the world lie side by side; the row above is this far away. */
const cellRow = 131_072;
/** Cells of a row; behind the last of them, at 180°, lies the first. */
const rowCells = 360 * cellsPerDegree;

const columnOf = (lon: number): number => Math.floor((lon + 180) * cellsPerDegree);
const rowOf = (lat: number): number => Math.floor((lat + 90) * cellsPerDegree);
const cellAt = (column: number, row: number): number => row * cellRow + ((column + rowCells) % rowCells);

export const cellOf = (lon: number, lat: number): number => cellAt(columnOf(lon), rowOf(lat));
export const stretchOf = (time: number): number => Math.floor(time / stretchMs);

/** The cells within so many metres of a place, its own first. */
export function cellsAround(lon: number, lat: number, metres: number): number[] {
  const dLat = metres / 111_320;
  const dLon = dLat / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  const cells = new Set([cellOf(lon, lat)]);
  for (const x of [-dLon, 0, dLon]) for (const y of [-dLat, 0, dLat]) cells.add(cellOf(lon + x, lat + y));
  return [...cells];
}

/** Every cell of a rectangle, which goes across 180° when its west is east of its east; undefined when there are more than `most`. */
export function cellsWithin(
  west: number,
  south: number,
  east: number,
  north: number,
  most: number,
): number[] | undefined {
  const [column, row] = [columnOf(west), rowOf(south)];
  const columns = Math.min(rowCells, columnOf(east) - column + 1 + (west > east ? rowCells : 0));
  const rows = rowOf(north) - row + 1;
  if (columns * rows > most) return undefined;
  return Array.from({ length: columns * rows }, (_, n) =>
    cellAt(column + (n % columns), row + Math.floor(n / columns)),
  );
}

/** Stretches of one cell, ends included. */
export interface VisitRange {
  readonly cell: number;
  readonly from: number;
  readonly to: number;
}
export interface Visit {
  readonly object: string;
  readonly cell: number;
  readonly stretch: number;
}

export interface VisitStore {
  /** Visits in any of the ranges, at most about `limit`; a visit in two ranges comes twice. */
  within(ranges: readonly VisitRange[], limit: number): Promise<Visit[]>;
}
