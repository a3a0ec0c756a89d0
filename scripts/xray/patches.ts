import type { Measured } from '#models/physics/xray/simulate';

/** A rectangle of the object plane: x along the travel and z up, mm. */
export interface Patch {
  readonly x: readonly [number, number];
  readonly z: readonly [number, number];
}

export interface Statistics {
  readonly mean: number;
  readonly sd: number;
  readonly count: number;
}

/** Transmission of one plane at every pixel whose middle is in the patch. */
export function valuesIn(scan: Measured, plane: 'high' | 'low', patch: Patch): number[] {
  const values: number[] = [];
  const column = (x: number) => Math.ceil((x - scan.fromMm) / scan.pixelMm - 0.5);
  const row = (z: number) => Math.ceil((scan.topMm - z) / scan.pixelMm - 0.5);
  for (let x = column(patch.x[0]); x < column(patch.x[1]); x++)
    for (let y = row(patch.z[1]); y < row(patch.z[0]); y++) values.push(scan[plane][x * scan.rows + y] ?? 0);
  return values;
}

export function statisticsOf(values: readonly number[]): Statistics {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(square / Math.max(1, values.length - 1)), count: values.length };
}

/**
 * How far the mean of a patch stands out of patches of its size beside it, in standard deviations of their means: what
 * an eye that knows the place would have to go by, row stripes and slow drifts included.
 */
export function standsOut(scan: Measured, patch: Patch, beside: readonly Patch[]): number {
  const means = beside.map((other) => statisticsOf(valuesIn(scan, 'high', other)).mean);
  const background = statisticsOf(means);
  const here = statisticsOf(valuesIn(scan, 'high', patch)).mean;
  return (background.mean - here) / (background.sd || Number.MIN_VALUE);
}
