import { type Cells, cellPixels, cellSize, scannedSize } from './picture-cells.ts';

/** Where something lies, px. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A cell belongs to a body that it is like by this share at least: its deviation along that of the body, beside the body's own. */
const alike = 0.5;

/** Features of a body: those of its cells as they are, and log of its length and width, cells. */
export const bodySize = cellSize + 2;

export interface Body {
  readonly region: Region;
  readonly features: Float64Array;
}

/**
 * What hangs together with a piece that was found and is like it. `along` turns a cell's deviations from the picture's medians into its likeness with the piece: 1 where it is as far off.
 */
export function bodyAround(
  { columns, rows, values }: Cells,
  middle: Float64Array,
  piece: readonly number[],
  along: Float64Array,
): Body {
  const likeness = (cell: number): number => {
    let sum = 0;
    for (let k = 0; k < scannedSize; k++)
      sum += (along[k] as number) * ((values[k]?.[cell] as number) - (middle[k] as number));
    return sum;
  };
  const found = new Set(piece);
  for (const cell of found) {
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
      for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++)
        if (!found.has(v * columns + u) && likeness(v * columns + u) >= alike) found.add(v * columns + u);
  }
  const own = [...found].filter((cell) => piece.length === found.size || likeness(cell) >= alike);
  const cells = own.length > 0 ? own : [...piece];
  return { region: regionOf(cells, columns), features: featuresOf(cells, columns, values) };
}

function regionOf(cells: readonly number[], columns: number): Region {
  const [xs, ys] = [cells.map((cell) => cell % columns), cells.map((cell) => Math.floor(cell / columns))];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const side = (all: readonly number[], first: number) => (Math.max(...all) - first + 1) * cellPixels;
  return { x: x * cellPixels, y: y * cellPixels, width: side(xs, x), height: side(ys, y) };
}

function featuresOf(
  cells: readonly number[],
  columns: number,
  values: readonly Float32Array[],
): Float64Array {
  const features = new Float64Array(bodySize);
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  const count = cells.length;
  for (const cell of cells) {
    for (let k = 0; k < cellSize; k++)
      features[k] = (features[k] as number) + (values[k]?.[cell] as number) / count;
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    sx += x / count;
    sy += y / count;
    sxx += (x * x) / count;
    syy += (y * y) / count;
    sxy += (x * y) / count;
  }
  // Sides of the rectangle with the same moments of inertia; a cell itself has a twelfth.
  const [xx, yy, xy] = [sxx - sx * sx + 1 / 12, syy - sy * sy + 1 / 12, sxy - sx * sy];
  const apart = Math.hypot(xx - yy, 2 * xy);
  features[cellSize] = Math.log(12 * ((xx + yy + apart) / 2)) / 2;
  features[cellSize + 1] = Math.log(Math.max(1, 12 * ((xx + yy - apart) / 2))) / 2;
  return features;
}
