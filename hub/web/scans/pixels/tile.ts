import { heldBy, type Span, type TileKey } from './levels.ts';

/** Samples of one tile as they lie in flows/scan `Pixels`: column after column, plane after plane. */
export interface Tile {
  readonly key: TileKey;
  /** First column held, samples of the level. */
  readonly column0: number;
  readonly columns: number;
  readonly rows: number;
  readonly planes: number;
  readonly samples: Uint16Array;
  /** 1 for every column that has come: what has not is drawn as missing, never as dense. */
  readonly have: Uint8Array;
  /** End of the columns that have come: filters read no further. */
  filled: number;
  /** Counts up with every change. */
  version: number;
  /** Columns changed since the texture was last brought up to date. */
  changed: { from: number; to: number } | undefined;
}

export function createTile(key: TileKey, rows: number, planes: number): Tile {
  const { from, to } = heldBy(key);
  const columns = to - from;
  return {
    key,
    column0: from,
    columns,
    rows,
    planes,
    samples: new Uint16Array(columns * planes * rows),
    have: new Uint8Array(columns),
    filled: 0,
    version: 0,
    changed: undefined,
  };
}

/** Takes over what of `samples` (columns from `column0`) belongs into the tile; says whether anything did. */
export function writeTile(tile: Tile, column0: number, samples: Uint16Array): boolean {
  const stride = tile.planes * tile.rows;
  const count = Math.floor(samples.length / stride);
  const from = Math.max(column0, tile.column0);
  const to = Math.min(column0 + count, tile.column0 + tile.columns);
  if (to <= from) return false;
  const part = samples.subarray((from - column0) * stride, (to - column0) * stride);
  const at = from - tile.column0;
  tile.samples.set(part, at * stride);
  tile.have.fill(1, at, to - tile.column0);
  tile.filled = Math.max(tile.filled, to - tile.column0);
  tile.version += 1;
  tile.changed = tile.changed
    ? { from: Math.min(tile.changed.from, at), to: Math.max(tile.changed.to, to - tile.column0) }
    : { from: at, to: to - tile.column0 };
  return true;
}

/** Runs of columns that have come, within `from` up to `to`, all in samples of the level. */
export function runsOf(tile: Tile, from: number, to: number): readonly Span[] {
  const runs: Span[] = [];
  let start = -1;
  const end = Math.min(to, tile.column0 + tile.columns);
  for (let column = Math.max(from, tile.column0); column <= end; column++) {
    const there = column < end && tile.have[column - tile.column0] === 1;
    if (there && start < 0) start = column;
    if (!there && start >= 0) {
      runs.push({ from: start, to: column });
      start = -1;
    }
  }
  return runs;
}

/** One sample; undefined where none has come. */
export function sampleOf(tile: Tile, plane: number, column: number, row: number): number | undefined {
  const at = column - tile.column0;
  if (tile.have[at] !== 1 || row < 0 || row >= tile.rows) return undefined;
  return tile.samples[(at * tile.planes + plane) * tile.rows + row];
}

/**
 * Means of n x n samples, laid out as the input; `columns` is a multiple of `n`. A last part of a step along
 * the rows is the mean of what there is.
 */
export function reduce(
  samples: Uint16Array,
  columns: number,
  rows: number,
  planes: number,
  n: number,
): Uint16Array {
  const outRows = Math.ceil(rows / n);
  const outColumns = Math.floor(columns / n);
  const out = new Uint16Array(outColumns * planes * outRows);
  for (let column = 0; column < outColumns; column++)
    for (let plane = 0; plane < planes; plane++)
      for (let row = 0; row < outRows; row++) {
        const top = row * n;
        const bottom = Math.min(top + n, rows);
        let sum = 0;
        for (let x = column * n; x < (column + 1) * n; x++) {
          const base = (x * planes + plane) * rows;
          for (let y = top; y < bottom; y++) sum += samples[base + y] as number;
        }
        out[(column * planes + plane) * outRows + row] = Math.round(sum / (n * (bottom - top)));
      }
  return out;
}
