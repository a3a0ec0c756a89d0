/**
 * The material map is averaged over regions: one pixel's ratio is noise (separating carbon from aluminium takes
 * about twenty). Depths, not transmissions, are summed, so that the air beside an edge weighs nothing; and only
 * cells of a like depth are joined, so that a thing keeps its own material up to its edge.
 */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /** Pairs of depth and ratio, cell column after cell column, from the top down. */
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

export function cellsOf(input: CellInput): Cells {
  const columns = Math.ceil(input.columns / input.size);
  const rows = Math.ceil(input.rows / input.size);
  const high = new Float32Array(columns * rows);
  const low = new Float32Array(columns * rows);
  sum(input, input.high, rows, high);
  sum(input, input.low, rows, low);
  return { columns, rows, data: joined(high, low, columns, rows) };
}

/** Mean depth of each cell. */
function sum(input: CellInput, plane: number, cellRows: number, into: Float32Array): void {
  const { samples, columns, rows, planes, depths, size } = input;
  for (let x = 0; x < columns; x++) {
    const base = (x * planes + plane) * rows;
    const out = Math.floor(x / size) * cellRows;
    const wide = Math.min(size, columns - Math.floor(x / size) * size);
    for (let cell = 0; cell < cellRows; cell++) {
      const top = cell * size;
      const bottom = Math.min(top + size, rows);
      let total = 0;
      for (let y = top; y < bottom; y++) total += depths[samples[base + y] as number] as number;
      into[out + cell] = (into[out + cell] as number) + total / ((bottom - top) * wide);
    }
  }
}

/** Joins each cell with those around it that are as deep. */
function joined(high: Float32Array, low: Float32Array, columns: number, rows: number) {
  const data = new Float32Array(columns * rows * 2);
  for (let x = 0; x < columns; x++)
    for (let y = 0; y < rows; y++) {
      const mine = high[x * rows + y] as number;
      const tolerance = 0.06 + 0.12 * mine;
      let [sumHigh, sumLow] = [0, 0];
      for (let i = Math.max(0, x - reach); i <= Math.min(columns - 1, x + reach); i++)
        for (let j = Math.max(0, y - reach); j <= Math.min(rows - 1, y + reach); j++) {
          const other = high[i * rows + j] as number;
          const off = (other - mine) / tolerance;
          const weight = 1 - off * off;
          if (weight <= 0) continue;
          sumHigh += weight * other;
          sumLow += weight * (low[i * rows + j] as number);
        }
      data[(x * rows + y) * 2] = mine;
      data[(x * rows + y) * 2 + 1] = sumHigh > 0.01 ? sumLow / sumHigh : 0;
    }
  return data;
}
