import type { ScannerProfile } from './scanner.ts';

/** The rays of one line, from the top row down. */
export interface Fan {
  readonly rows: number;
  /** From the source to the middle of the lane, mm. */
  readonly distanceMm: number;
  readonly sourceHeightMm: number;
  readonly topMm: number;
  readonly pixelMm: number;
  /** Rays for shapes that are cut once, and, fewer a row, for those that are cut anew for each line. */
  readonly fine: Rays;
  readonly quick: Rays;
}

export interface Rays {
  readonly perRow: number;
  /** Rise a millimetre towards the detector, `perRow` for each row. */
  readonly slopes: Float64Array;
}

/** Rays finer than this see nothing new in a cargo. */
const fineMm = 2.5;
const quickRays = 3;

/** Rows of `pixelMm` in the plane through the middle of the lane: what a straight boom of equal elements sees. */
export function fanOf(scanner: ScannerProfile, pixelMm: number): Fan {
  const { topMm, bottomMm, sourceHeightMm, sourceToCentreMm } = scanner.geometry;
  const rows = Math.round((topMm - bottomMm) / pixelMm);
  const rays = (perRow: number): Rays => ({
    perRow,
    slopes: Float64Array.from(
      { length: rows * perRow },
      (_, i) => (topMm - ((i + 0.5) * pixelMm) / perRow - sourceHeightMm) / sourceToCentreMm,
    ),
  });
  const perRow = Math.max(1, Math.round(pixelMm / fineMm));
  return {
    rows,
    distanceMm: sourceToCentreMm,
    sourceHeightMm,
    topMm,
    pixelMm,
    fine: rays(perRow),
    quick: rays(Math.min(perRow, quickRays)),
  };
}

/** Row, with its fraction, at which the point (y from the middle of the lane, z) appears. */
export function rowOf(fan: Fan, y: number, z: number): number {
  const slope = (z - fan.sourceHeightMm) / (fan.distanceMm + y);
  return (fan.topMm - fan.sourceHeightMm - slope * fan.distanceMm) / fan.pixelMm;
}
