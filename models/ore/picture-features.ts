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

const cell = 8;

/**
 * Features of each whole block, block by block in rows: log of brightness, red and blue beside green, contrast, edges and coarse contrast beside brightness,
 * and the share that is more than twice as bright as the block.
 */
export function blocksOf({ width, height, planes, stride = 1 }: Picture): Float64Array {
  const [columns, rows] = [Math.floor(width / blockPixels), Math.floor(height / blockPixels)];
  const found = new Float64Array(columns * rows * blockSize);
  const [red, green, blue] = planes;
  const cells = new Float64Array((blockPixels / cell) ** 2);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let [r, g, b, squares, edges] = [0, 0, 0, 0, 0];
      cells.fill(0);
      const origin = row * blockPixels * width + column * blockPixels;
      for (let y = 0; y < blockPixels; y++)
        for (let x = 0; x < blockPixels; x++) {
          const at = stride * (origin + y * width + x);
          const here = green[at] as number;
          r += red[at] as number;
          g += here;
          b += blue[at] as number;
          squares += here * here;
          if (x > 0 && y > 0) {
            const [dx, dy] = [
              here - (green[at - stride] as number),
              here - (green[at - stride * width] as number),
            ];
            edges += dx * dx + dy * dy;
          }
          const k = (y >> 3) * (blockPixels / cell) + (x >> 3);
          cells[k] = (cells[k] as number) + here;
        }
      const count = blockPixels * blockPixels;
      const mean = g / count + 1;
      let coarse = 0;
      for (const sum of cells) coarse += (sum / (cell * cell) - g / count) ** 2 / cells.length;
      let bright = 0;
      for (let y = 0; y < blockPixels; y += 2)
        for (let x = 0; x < blockPixels; x += 2)
          if ((green[stride * (origin + y * width + x)] as number) > 1.6 * mean) bright += 4 / count;
      const at = (row * columns + column) * blockSize;
      found[at] = Math.log(mean);
      found[at + 1] = Math.log((r / count + 1) / mean);
      found[at + 2] = Math.log((b / count + 1) / mean);
      found[at + 3] = Math.log(Math.sqrt(Math.max(1, squares / count - (g / count) ** 2)) / mean);
      found[at + 4] = Math.log((Math.sqrt(edges / count) + 1) / mean);
      found[at + 5] = Math.log((Math.sqrt(coarse) + 1) / mean);
      found[at + 6] = Math.sqrt(bright);
    }
  return found;
}

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
    if (k < blockSize - 1)
      into[at + blockSize + k] = Math.log(Math.sqrt(Math.max(1e-8, squares / count - (sum / count) ** 2)));
  }
}
