/**
 * Where objects were, coarsely: cells of 1/256 degree (435 m north to south) and stretches of five minutes. It is the
 * index from a place and a time to objects; what is asked of it is then looked at in the fixes themselves.
 */
const cellsPerDegree = 256;
const stretchMs = 300_000;
/** Cells of a row of the world lie side by side; the row above is this far away. */
const cellRow = 131_072;

export const cellOf = (lon: number, lat: number): number =>
  Math.floor((lat + 90) * cellsPerDegree) * cellRow + Math.floor((lon + 180) * cellsPerDegree);
export const stretchOf = (time: number): number => Math.floor(time / stretchMs);

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
