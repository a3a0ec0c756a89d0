/** A picture as it was decoded. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue, 8 bits, row by row; values of one colour are `stride` apart. */
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** 1 when absent; 3 of colours side by side. */
  readonly stride?: number;
}

/** Side of a cell, px. */
export const cellPixels = 8;
/** What is measured of a cell, in this order. */
export const cellFeatures = ['brightness', 'red', 'blue', 'edges', 'contrast', 'glint'] as const;
export const cellSize = cellFeatures.length;
/** The first so many are those that foreign bodies are looked for by. */
export const scannedSize = 4;

/** A grid of cells, feature by feature: of each, rows x columns numbers. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly values: readonly Float32Array[];
}

/** Averaged pixels of a cell's side, and of a cell. */
const side = cellPixels / 2;
const samples = side * side;
/** Pairs of averaged pixels beside and above each other. */
const pairs = 2 * side * (side - 1);

/**
 * Features of each whole cell: log of brightness, of red and blue beside green, of edges and contrast beside brightness, and of the brightest averaged pixel beside the mean.
 * Pixels are averaged two by two first: what is finer a camera's coding takes away.
 */
export function cellsOf({ width, height, planes, stride = 1 }: Picture): Cells {
  const [columns, rows] = [Math.floor(width / cellPixels), Math.floor(height / cellPixels)];
  const plane = () => new Float32Array(columns * rows);
  const [brightness, redness, blueness, edginess, contrast, glint] = [
    plane(),
    plane(),
    plane(),
    plane(),
    plane(),
    plane(),
  ];
  const [red, green, blue] = planes;
  const line = stride * width;
  const averaged = new Float64Array(samples);
  for (let row = 0, cell = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, cell++) {
      let [r, g, b, squares, edges, most] = [0, 0, 0, 0, 0, 0];
      const origin = cellPixels * (row * line + column * stride);
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++) {
          const at = origin + 2 * (y * line + x * stride);
          const below = at + line;
          const here =
            ((green[at] as number) +
              (green[at + stride] as number) +
              (green[below] as number) +
              (green[below + stride] as number)) /
            4;
          // Cameras code colours at half the resolution: two of the four pixels say as much.
          r += (red[at] as number) + (red[below + stride] as number);
          b += (blue[at] as number) + (blue[below + stride] as number);
          g += here;
          squares += here * here;
          if (here > most) most = here;
          const place = y * side + x;
          averaged[place] = here;
          if (x > 0) edges += (here - (averaged[place - 1] as number)) ** 2;
          if (y > 0) edges += (here - (averaged[place - side] as number)) ** 2;
        }
      const mean = g / samples;
      brightness[cell] = Math.log(mean + 1);
      redness[cell] = Math.log((r / samples / 2 + 1) / (mean + 1));
      blueness[cell] = Math.log((b / samples / 2 + 1) / (mean + 1));
      contrast[cell] = Math.log(Math.sqrt(Math.max(1, squares / samples - mean * mean)) / (mean + 1));
      edginess[cell] = Math.log((Math.sqrt(edges / pairs) + 1) / (mean + 1));
      glint[cell] = Math.log((most + 1) / (mean + 1));
    }
  return { columns, rows, values: [brightness, redness, blueness, edginess, contrast, glint] };
}

/** Every so many cells are enough for a median. */
const everyForMedian = 5;

/** Medians of each scanned feature over a picture: what lies on the belt in one place does not move them. */
export const mediansOf = ({ values }: Cells): Float64Array =>
  Float64Array.from(values.slice(0, scannedSize), (plane) => {
    const some = plane.filter((_, i) => i % everyForMedian === 0).sort();
    return some[some.length >> 1] as number;
  });
