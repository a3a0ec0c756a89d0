import { type Cells, cellSize } from './picture-cells.ts';

/** A picture of fewer cells a side is not looked at: the longest line that is looked for, and some more. */
export const leastCells = 20;
/** Cells of a patch's side: how it differs from patch to patch is told beside how cells differ. */
const patch = 4;
/** Features of a cell whose patches are compared: brightness, red and blue. */
const patched = 3;
/** Deviations below these are no difference: coding alone makes as much. */
const leastSpread = { cell: 0.05, patch: 0.02 } as const;

/** Features of a picture: means of its cells, deviations from cell to cell, and of the first three from patch to patch; both as logarithms. */
export const pictureSize = 2 * cellSize + patched;

function momentsOf(plane: Float32Array): { readonly mean: number; readonly variance: number } {
  let [sum, squares] = [0, 0];
  for (const value of plane) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / plane.length;
  return { mean, variance: Math.max(0, squares / plane.length - mean * mean) };
}

function patchesOf(plane: Float32Array, columns: number, rows: number): Float32Array {
  const [across, down] = [Math.floor(columns / patch), Math.floor(rows / patch)];
  const means = new Float32Array(across * down);
  for (let y = 0; y < down * patch; y++)
    for (let x = 0; x < across * patch; x++) {
      const at = Math.floor(y / patch) * across + Math.floor(x / patch);
      means[at] = (means[at] as number) + (plane[y * columns + x] as number) / patch ** 2;
    }
  return means;
}

export function pictureFeaturesOf({ columns, rows, values }: Cells): Float64Array {
  const features = new Float64Array(pictureSize);
  for (const [k, plane] of values.entries()) {
    const { mean, variance } = momentsOf(plane);
    features[k] = mean;
    features[cellSize + k] = Math.log(variance + leastSpread.cell ** 2) / 2;
    if (k >= patched) continue;
    const between = momentsOf(patchesOf(plane, columns, rows)).variance;
    features[2 * cellSize + k] = Math.log(between + leastSpread.patch ** 2) / 2;
  }
  return features;
}
