/**
 * Where objects were, coarsely: cells of 1/256 degree (435 m north to south) and stretches of five minutes. It is the
 * index from a place and a time to objects; what is asked of it is then looked at in the fixes themselves.
 */
const cellsPerDegree = 256;
export const stretchMs = 300_000;
/** Cells of a row of the world lie side by side; the row above is this far away. */
const cellRow = 131_072;

export const cellOf = (lon: number, lat: number): number =>
  Math.floor((lat + 90) * cellsPerDegree) * cellRow + Math.floor((lon + 180) * cellsPerDegree);
export const stretchOf = (time: number): number => Math.floor(time / stretchMs);

/** The cells within so many metres of a place, its own first. */
export function cellsAround(lon: number, lat: number, metres: number): number[] {
  const dLat = metres / 111_320;
  const dLon = dLat / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  const cells = new Set([cellOf(lon, lat)]);
  for (const x of [-dLon, 0, dLon]) for (const y of [-dLat, 0, dLat]) cells.add(cellOf(lon + x, lat + y));
  return [...cells];
}

/** Every cell of a rectangle; undefined when there are more than `most`. */
export function cellsWithin(
  west: number,
  south: number,
  east: number,
  north: number,
  most: number,
): number[] | undefined {
  const first = cellOf(west, south);
  const columns = cellOf(east, south) - first + 1;
  const rows = Math.round((cellOf(west, north) - first) / cellRow) + 1;
  if (columns * rows > most) return undefined;
  return Array.from(
    { length: columns * rows },
    (_, n) => first + (n % columns) + Math.floor(n / columns) * cellRow,
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
