/**
 * What turns a spectrum of one instrument into one of another: each value of the primary is a sum over a few neighbouring
 * values of the secondary, and an offset.
 */
export interface Standardisation {
  /** Points of the secondary instrument. */
  readonly inputs: number;
  /** First point of the secondary that each primary point takes. */
  readonly first: Int32Array;
  /** Points that each takes. */
  readonly width: number;
  /** Primary points x width. */
  readonly weights: Float64Array;
  readonly offsets: Float64Array;
}

/** Allocates nothing. */
export function standardise(
  { first, width, weights, offsets }: Standardisation,
  input: Float64Array,
  output: Float64Array,
): void {
  for (let i = 0; i < first.length; i++) {
    const from = first[i] as number;
    let sum = offsets[i] as number;
    for (let j = 0; j < width; j++) sum += (weights[i * width + j] as number) * (input[from + j] as number);
    output[i] = sum;
  }
}

/** First `inner`, then `outer`, as one. */
export function composed(outer: Standardisation, inner: Standardisation): Standardisation {
  const points = outer.first.length;
  const dense = new Float64Array(inner.inputs);
  const rows: { first: number; last: number; values: Float64Array }[] = [];
  const offsets = outer.offsets.slice();
  for (let i = 0; i < points; i++) {
    dense.fill(0);
    let [low, high] = [inner.inputs, 0];
    for (let j = 0; j < outer.width; j++) {
      const middle = (outer.first[i] as number) + j;
      const weight = outer.weights[i * outer.width + j] as number;
      const from = inner.first[middle] as number;
      offsets[i] = (offsets[i] as number) + weight * (inner.offsets[middle] as number);
      for (let k = 0; k < inner.width; k++)
        dense[from + k] =
          (dense[from + k] as number) + weight * (inner.weights[middle * inner.width + k] as number);
      low = Math.min(low, from);
      high = Math.max(high, from + inner.width);
    }
    rows.push({ first: low, last: high, values: dense.slice(low, high) });
  }
  const width = Math.min(inner.inputs, Math.max(...rows.map(({ first, last }) => last - first)));
  const first = Int32Array.from(rows, (row) => Math.min(row.first, inner.inputs - width));
  const weights = new Float64Array(points * width);
  for (const [i, row] of rows.entries())
    weights.set(row.values, i * width + row.first - (first[i] as number));
  return { inputs: inner.inputs, first, width, weights, offsets };
}

/** Takes the values at other places of the axis, by cubic interpolation (Catmull and Rom), times a gain, plus an offset. */
export function interpolation(
  from: Float64Array,
  places: Float64Array,
  gain = 1,
  offset = 0,
): Standardisation {
  const width = Math.min(4, from.length);
  const first = new Int32Array(places.length);
  const weights = new Float64Array(places.length * width);
  let at = 0;
  for (let i = 0; i < places.length; i++) {
    const last = from.length - 1;
    const place = Math.min(Math.max(places[i] as number, from[0] as number), from[last] as number);
    while (at > 0 && (from[at] as number) > place) at -= 1;
    while (at < last - 1 && (from[at + 1] as number) < place) at += 1;
    const start = Math.min(Math.max(at - 1, 0), from.length - width);
    first[i] = start;
    weights.set(
      nodeWeights(from, at, start, width, place).map((weight) => weight * gain),
      i * width,
    );
  }
  return {
    inputs: from.length,
    first,
    width,
    weights,
    offsets: new Float64Array(places.length).fill(offset),
  };
}

/** Weights of the points from `start` on; linear in the outermost intervals. */
function nodeWeights(
  from: Float64Array,
  at: number,
  start: number,
  width: number,
  place: number,
): Float64Array {
  const weights = new Float64Array(width);
  const step = (from[at + 1] as number) - (from[at] as number);
  const t = ((place as number) - (from[at] as number)) / step;
  const add = (point: number, weight: number) => {
    weights[point - start] = (weights[point - start] as number) + weight;
  };
  if (at === 0 || at + 2 >= from.length) {
    add(at, 1 - t);
    add(at + 1, t);
    return weights;
  }
  add(at, 2 * t ** 3 - 3 * t ** 2 + 1);
  add(at + 1, -2 * t ** 3 + 3 * t ** 2);
  // The slope at a point is that between its neighbours, whatever their distance.
  const slope = (point: number, hermite: number) => {
    const distance = (from[point + 1] as number) - (from[point - 1] as number);
    add(point + 1, (hermite * step) / distance);
    add(point - 1, (-hermite * step) / distance);
  };
  slope(at, t ** 3 - 2 * t ** 2 + t);
  slope(at + 1, t ** 3 - t ** 2);
  return weights;
}
