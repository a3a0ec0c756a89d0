import { inverted, unscaled } from './covariance.ts';
import { squareOf, triangleOf, triangleSize, unpacked } from './packed.ts';
import { type Cells, scannedSize } from './picture-cells.ts';
import { type Placed, type ShapeScan, shapeCells, shapeKinds } from './picture-scan.ts';
import type { PictureTable } from './tables.ts';

/** How a brand's clean ore looks in each kind of shape: covariance of its features, and the strangest of a clean picture. */
interface KindLook {
  readonly lower: Float64Array;
  /** Lower triangle, row by row: turns sums over the shape into deviations free of correlation. */
  readonly white: Float64Array;
  /** Mean and deviation, from picture to picture, of the largest distance in a clean picture. */
  readonly usual: number;
  readonly spread: number;
}

export interface Strangest extends Placed {
  /** How far beyond the strangest of clean pictures, in deviations of those. */
  readonly score: number;
  /** Turns deviations of a cell from the picture's medians into their likeness with it. */
  readonly along: Float64Array;
}

/** Looks for the piece of a picture that differs most from the rest, beside what is usual of clean ore of the brand. */
export class StrangeShapes {
  readonly #kinds: readonly KindLook[];

  constructor({ shapes, usual, spread }: Pick<PictureTable, 'shapes' | 'usual' | 'spread'>) {
    const lowers = unpacked(shapes, shapeKinds.length * triangleSize(scannedSize));
    const size = triangleSize(scannedSize);
    this.#kinds = shapeKinds.map((_, kind) => {
      const lower = squareOf(lowers.subarray(kind * size, (kind + 1) * size), scannedSize);
      const white = Float64Array.from(
        triangleOf(inverted(lower, scannedSize), scannedSize),
        (value) => value / (shapeCells[kind] as number),
      );
      return { lower, white, usual: usual[kind] as number, spread: spread[kind] as number };
    });
  }

  /** The largest distance of each kind of shape (Mahalanobis). */
  distances(cells: Cells, middle: Float64Array, scan: ShapeScan): Float64Array {
    const largest = new Float64Array(shapeKinds.length);
    this.#look(cells, middle, scan, (kind, squared) => {
      largest[kind] = squared;
      return (other) => largest[other] as number;
    });
    return largest.map(Math.sqrt);
  }

  strangest(cells: Cells, middle: Float64Array, scan: ShapeScan): Strangest | undefined {
    let best = Number.NEGATIVE_INFINITY;
    const placed = this.#look(cells, middle, scan, (kind, squared) => {
      const { usual, spread } = this.#kinds[kind] as KindLook;
      best = (Math.sqrt(squared) - usual) / spread;
      // What another kind has to exceed to be stranger than that.
      return (other) => {
        const { usual, spread } = this.#kinds[other] as KindLook;
        return Math.max(0, usual + best * spread) ** 2;
      };
    });
    if (!placed) return undefined;
    const deviation = Float64Array.from(
      { length: scannedSize },
      (_, k) =>
        placed.cells.reduce((sum, cell) => sum + (cells.values[k]?.[cell] as number), 0) /
          placed.cells.length -
        (middle[k] as number),
    );
    const along = unscaled((this.#kinds[placed.kind] as KindLook).lower, deviation);
    const whole = along.reduce((sum, value, k) => sum + value * (deviation[k] as number), 0);
    return { ...placed, score: best, along: along.map((value) => value / whole) };
  }

  /** Tells of each shape whose squared distance is above what was asked for last; `told` says what is asked for from then on, by kind. */
  #look(
    cells: Cells,
    middle: Float64Array,
    scan: ShapeScan,
    told: (kind: number, squared: number) => (other: number) => number,
  ): Placed | undefined {
    // Where the picture's medians are among the deviations, by kind; and the squares that are to be exceeded.
    const centres = this.#kinds.map(({ white }, kind) =>
      timesTriangle(
        white,
        middle.map((value) => value * (shapeCells[kind] as number)),
      ),
    );
    const sums = new Float64Array(scannedSize);
    let barOf: (kind: number) => number = () => -1;
    return scan.scan(cells, ({ kind, planes, from, to, every }) => {
      const [{ white }, centre] = [this.#kinds[kind] as KindLook, centres[kind] as Float64Array];
      let [found, bar] = [-1, barOf(kind)];
      for (let at = from; at < to; at += every) {
        for (let k = 0; k < scannedSize; k++) sums[k] = (planes[k] as Float32Array)[at] as number;
        let squared = 0;
        for (let i = 0, w = 0; i < scannedSize; i++) {
          let value = centre[i] as number;
          for (let k = 0; k <= i; k++) value -= (white[w++] as number) * (sums[k] as number);
          squared += value * value;
        }
        if (squared <= bar) continue;
        found = at;
        barOf = told(kind, squared);
        bar = barOf(kind);
      }
      return found;
    });
  }
}

/** A lower triangle, row by row, times a vector. */
function timesTriangle(triangle: Float64Array, x: Float64Array): Float64Array {
  let at = 0;
  return x.map((_, i) => {
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += (triangle[at++] as number) * (x[k] as number);
    return sum;
  });
}
