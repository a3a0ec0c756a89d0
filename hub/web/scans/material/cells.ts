/**
 * The material map is averaged over regions: one pixel's ratio is noise (separating carbon from aluminium takes
 * about twenty). Depths, not transmissions, are summed, so that the air beside an edge weighs nothing; and only
 * cells of a like depth are joined, so that a thing keeps its own material up to its edge. Where depth changes within
 * a pixel, the mean of transmissions makes the ratio too low by R (R - 1) v / 2 depth, v being the variance of depth:
 * steep cells, such as posts and rims, count little and are not sure, or every edge would be lead.
 */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Depth, ratio and evenness (0..1), cell column after cell column, from the top down. */
  readonly data: Float32Array<ArrayBuffer>;
}

export interface CellInput {
  readonly samples: Uint16Array;
  readonly columns: number;
  readonly rows: number;
  readonly planes: number;
  readonly high: number;
  readonly low: number;
  /** Depth of every sample. */
  readonly depths: Float32Array;
  /** Samples along the side of a cell. */
  readonly size: number;
}

/** Side of a cell in samples of a level: four pixels of the scan, or one sample where that is more. */
export const cellSize = (step: number): number => Math.max(1, 4 / step);

const reach = 2;
/** Mean square of the step from pixel to pixel, a unit of depth, at which the ratio is off by about half a class. */
const steep = 0.05;

interface Sums {
  /** Mean depth of each cell. */
  readonly high: Float32Array;
  readonly low: Float32Array;
  /** Mean square of the steps of depth between neighbours. */
  readonly steps: Float32Array;
}

export function cellsOf(input: CellInput): Cells {
  const columns = Math.ceil(input.columns / input.size);
  const rows = Math.ceil(input.rows / input.size);
  const make = () => new Float32Array(columns * rows);
  const sums: Sums = { high: make(), low: make(), steps: make() };
  sumDepths(input, input.high, rows, sums.high, sums.steps);
  sumDepths(input, input.low, rows, sums.low);
  return { columns, rows, data: joined(sums, columns, rows) };
}

function sumDepths(
  input: CellInput,
  plane: number,
  cellRows: number,
  into: Float32Array,
  steps?: Float32Array,
): void {
  const { samples, columns, rows, planes, depths, size } = input;
  let before = new Float32Array(rows);
  let line = new Float32Array(rows);
  for (let x = 0; x < columns; x++) {
    const base = (x * planes + plane) * rows;
    for (let y = 0; y < rows; y++) line[y] = depths[samples[base + y] as number] as number;
    if (x === 0) before.set(line);
    const out = Math.floor(x / size) * cellRows;
    const wide = Math.min(size, columns - Math.floor(x / size) * size);
    for (let cell = 0; cell < cellRows; cell++) {
      const top = cell * size;
      const bottom = Math.min(top + size, rows);
      let [total, squares] = [0, 0];
      for (let y = top; y < bottom; y++) {
        const depth = line[y] as number;
        total += depth;
        const along = depth - (before[y] as number);
        const down = y > 0 ? depth - (line[y - 1] as number) : 0;
        squares += along * along + down * down;
      }
      const share = 1 / ((bottom - top) * wide);
      into[out + cell] = (into[out + cell] as number) + total * share;
      if (steps) steps[out + cell] = (steps[out + cell] as number) + squares * share;
    }
    [before, line] = [line, before];
  }
}

/** 1 where depth is even, towards 0 where it changes so much from pixel to pixel that the ratio is wrong. */
export function evenness(depth: number, squares: number): number {
  const off = squares / (steep * Math.max(depth, 0.05));
  return 1 / (1 + off * off);
}

/** Joins each cell with those around it that are as deep; even ones count. */
function joined({ high, low, steps }: Sums, columns: number, rows: number): Float32Array<ArrayBuffer> {
  const even = high.map((depth, i) => evenness(depth, steps[i] as number));
  const data = new Float32Array(columns * rows * 3);
  for (let x = 0; x < columns; x++)
    for (let y = 0; y < rows; y++) {
      const mine = high[x * rows + y] as number;
      const tolerance = 0.06 + 0.12 * mine;
      let [sumHigh, sumLow, sumEven, total] = [0, 0, 0, 1e-9];
      for (let i = Math.max(0, x - reach); i <= Math.min(columns - 1, x + reach); i++)
        for (let j = Math.max(0, y - reach); j <= Math.min(rows - 1, y + reach); j++) {
          const other = high[i * rows + j] as number;
          const off = (other - mine) / tolerance;
          const near = 1 - off * off;
          if (near <= 0) continue;
          const weight = near * (even[i * rows + j] as number);
          sumHigh += weight * other;
          sumLow += weight * (low[i * rows + j] as number);
          sumEven += weight * (even[i * rows + j] as number);
          total += weight;
        }
      data[(x * rows + y) * 3] = mine;
      data[(x * rows + y) * 3 + 1] = sumHigh > 1e-4 ? sumLow / sumHigh : 0;
      data[(x * rows + y) * 3 + 2] = sumEven / total;
    }
  return data;
}
