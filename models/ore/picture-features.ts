/** Side of a block, px. */
export const blockPixels = 32;
/** What is measured of a block, in this order. */
export const blockFeatures = ['brightness', 'red', 'blue', 'contrast', 'edges', 'coarse', 'bright'] as const;
export const blockSize = blockFeatures.length;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue, 8 bits, row by row; values of one colour are `stride` apart. */
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** 1 when absent; 3 of colours side by side. */
  readonly stride?: number;
}

/** Averaged pixels of a block's side, and of a cell's. */
const side = blockPixels / 2;
const cell = 4;

/**
 * Features of each whole block, block by block in rows: log of brightness, red and blue beside green, contrast, edges and coarse contrast beside brightness,
 * and the share that is more than 1.6 times as bright as the block. Pixels are averaged two by two first: what is finer a camera's coding takes away.
 */
export function blocksOf({ width, height, planes, stride = 1 }: Picture): Float64Array {
  const [columns, rows] = [Math.floor(width / blockPixels), Math.floor(height / blockPixels)];
  const found = new Float64Array(columns * rows * blockSize);
  const [red, green, blue] = planes;
  const cells = new Float64Array((side / cell) ** 2);
  const averaged = new Float64Array(side * side);
  const count = side * side;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let [r, g, b, squares, edges] = [0, 0, 0, 0, 0];
      cells.fill(0);
      const origin = row * blockPixels * width + column * blockPixels;
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++) {
          const at = stride * (origin + 2 * y * width + 2 * x);
          const [right, below] = [at + stride, at + stride * width];
          const diagonal = below + stride;
          const here =
            ((green[at] as number) +
              (green[right] as number) +
              (green[below] as number) +
              (green[diagonal] as number)) /
            4;
          r +=
            (red[at] as number) + (red[right] as number) + (red[below] as number) + (red[diagonal] as number);
          b +=
            (blue[at] as number) +
            (blue[right] as number) +
            (blue[below] as number) +
            (blue[diagonal] as number);
          g += here;
          squares += here * here;
          const place = y * side + x;
          averaged[place] = here;
          if (x > 0 && y > 0) {
            const [dx, dy] = [
              here - (averaged[place - 1] as number),
              here - (averaged[place - side] as number),
            ];
            edges += dx * dx + dy * dy;
          }
          const k = (y >> 2) * (side / cell) + (x >> 2);
          cells[k] = (cells[k] as number) + here;
        }
      const mean = g / count + 1;
      let coarse = 0;
      for (const sum of cells) coarse += (sum / (cell * cell) - g / count) ** 2 / cells.length;
      let bright = 0;
      for (const value of averaged) if (value > 1.6 * mean) bright += 1 / count;
      const at = (row * columns + column) * blockSize;
      found[at] = Math.log(mean);
      found[at + 1] = Math.log((r / count / 4 + 1) / mean);
      found[at + 2] = Math.log((b / count / 4 + 1) / mean);
      found[at + 3] = Math.log(Math.sqrt(Math.max(1, squares / count - (g / count) ** 2)) / mean);
      found[at + 4] = Math.log((Math.sqrt(edges / count) + 1) / mean);
      found[at + 5] = Math.log((Math.sqrt(coarse) + 1) / mean);
      found[at + 6] = Math.sqrt(bright);
    }
  return found;
}

/** Deviations from block to block below these are no difference: coding alone makes as much. */
const leastSpread = [0.02, 0.03, 0.03, 0.05, 0.05, 0.05] as const;

/** Features of a picture: means of its blocks, and deviations from block to block of the first six. */
export const pictureSize = 2 * blockSize - 1;

export function pictureFeaturesOf(blocks: Float64Array, into: Float64Array, at: number): void {
  const count = blocks.length / blockSize;
  for (let k = 0; k < blockSize; k++) {
    let [sum, squares] = [0, 0];
    for (let block = 0; block < count; block++) {
      const value = blocks[block * blockSize + k] as number;
      sum += value;
      squares += value * value;
    }
    into[at + k] = sum / count;
    if (k < blockSize - 1) {
      const variance = Math.max(0, squares / count - (sum / count) ** 2);
      into[at + blockSize + k] = Math.log(variance + (leastSpread[k] as number) ** 2) / 2;
    }
  }
}
