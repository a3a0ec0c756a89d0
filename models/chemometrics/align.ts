import { leastSquares } from '../physics/xray/least-squares.ts';
import { type Matrix, matrix, rowOf } from './matrix.ts';
import { interpolation, type Standardisation, standardise } from './standardise.ts';

/** Secondary spectra as the primary would have them. */
export function standardised(how: Standardisation, spectra: Matrix): Matrix {
  const made = matrix(spectra.rows, how.first.length);
  for (let i = 0; i < spectra.rows; i++) standardise(how, rowOf(spectra, i), rowOf(made, i));
  return made;
}

interface Fit {
  readonly how: Standardisation;
  readonly cost: number;
}

/** Gain and offset, by least squares over all samples and points, for axis places that are given. */
function gainAndOffset(primary: Matrix, secondary: Matrix, from: Float64Array, places: Float64Array): Fit {
  const moved = standardised(interpolation(from, places), secondary);
  const count = primary.data.length;
  let [x, y, xx, xy, yy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const a = moved.data[i] as number;
    const b = primary.data[i] as number;
    x += a;
    y += b;
    xx += a * a;
    xy += a * b;
    yy += b * b;
  }
  const [varX, cov, varY] = [xx - (x * x) / count, xy - (x * y) / count, yy - (y * y) / count];
  const gain = varX > 0 ? cov / varX : 1;
  return { how: interpolation(from, places, gain, (y - gain * x) / count), cost: varY - gain * cov };
}

/** The place between two ends where a function with one valley is least (golden section). */
function valley(of: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [low, high];
  let [a, b] = [to - ratio * (to - from), from + ratio * (to - from)];
  let [costA, costB] = [of(a), of(b)];
  for (let step = 0; step < 24; step++) {
    if (costA < costB) {
      [to, b, costB] = [b, a, costA];
      a = to - ratio * (to - from);
      costA = of(a);
    } else {
      [from, a, costA] = [a, b, costB];
      b = from + ratio * (to - from);
      costB = of(b);
    }
  }
  return (from + to) / 2;
}

/** Steps of the axis by which instruments may be shifted against each other. */
const mostSteps = 12;

/**
 * One shift of the axis, one gain and one offset for all wavelengths, from spectra of the same samples on both
 * instruments: three numbers, which a few samples settle.
 */
export function aligned(
  primary: Matrix,
  secondary: Matrix,
  primaryAxis: Float64Array,
  secondaryAxis: Float64Array,
): Standardisation {
  const last = primaryAxis.length - 1;
  const step = ((primaryAxis[last] as number) - (primaryAxis[0] as number)) / last;
  const at = (shift: number) =>
    gainAndOffset(
      primary,
      secondary,
      secondaryAxis,
      primaryAxis.map((place) => place + shift),
    );
  let best = 0;
  let least = at(0).cost;
  for (let k = -2 * mostSteps; k <= 2 * mostSteps; k++) {
    const { cost } = at((k * step) / 2);
    if (cost >= least) continue;
    least = cost;
    best = (k * step) / 2;
  }
  return at(valley((shift) => at(shift).cost, best - step / 2, best + step / 2)).how;
}

/** How strongly weights are held to leaving a spectrum as it is, as a share of what the samples say. */
const ridge = 0.05;

/**
 * Piecewise direct standardisation (Wang, Veltkamp and Kowalski, Anal. Chem. 63 (1991) 2750): each primary point from the
 * secondary's points around it. Weights are held to the identity, so that few samples do no harm where they say nothing.
 */
export function piecewise(primary: Matrix, secondary: Matrix, window: number): Standardisation {
  const points = primary.columns;
  const width = Math.min(window, points);
  const first = Int32Array.from({ length: points }, (_, i) =>
    Math.min(Math.max(0, i - ((width - 1) >> 1)), points - width),
  );
  const weights = new Float64Array(points * width);
  const offsets = new Float64Array(points);
  const count = primary.rows;
  const meanOf = (from: Matrix, j: number) => {
    let sum = 0;
    for (let s = 0; s < count; s++) sum += from.data[s * points + j] as number;
    return sum / count;
  };
  for (let i = 0; i < points; i++) {
    const from = first[i] as number;
    const means = Float64Array.from({ length: width }, (_, j) => meanOf(secondary, from + j));
    const own = meanOf(primary, i);
    const rows = Array.from({ length: count }, (_, s) =>
      means.map((mean, j) => (secondary.data[s * points + from + j] as number) - mean),
    );
    const spread =
      rows.reduce((sum, row) => sum + row.reduce((all, value) => all + value * value, 0), 0) / width;
    // With the weights that leave it as it is taken out, what is held small is the change.
    const right = rows.map(
      (row, s) => (primary.data[s * points + i] as number) - own - (row[i - from] as number),
    );
    const held = Array.from({ length: width }, (_, j) =>
      Float64Array.from({ length: width }, (_, k) => (j === k ? 1 : 0)),
    );
    const change =
      spread > 0
        ? leastSquares(
            [...rows, ...held],
            Float64Array.from([...right, ...new Array<number>(width).fill(0)]),
            Float64Array.from([
              ...new Array<number>(count).fill(1),
              ...new Array<number>(width).fill(ridge * spread),
            ]),
          )
        : new Float64Array(width);
    let offset = own;
    for (let j = 0; j < width; j++) {
      const weight = (change[j] as number) + (j === i - from ? 1 : 0);
      weights[i * width + j] = weight;
      offset -= weight * (means[j] as number);
    }
    offsets[i] = offset;
  }
  return { inputs: points, first, width, weights, offsets };
}
