import { type Kernels, kernelsOver, rowLanes } from './kernels.ts';
import { addScaled, dot, rowOf } from './matrix.ts';
import { absorbances, keepsOffset } from './preprocess.ts';
import { SavitzkyGolay } from './savitzky-golay.ts';
import type { Found, SpectralModel } from './spectral-model.ts';

/** Directions shorter than this, beside what they were before, are spanned by the others. */
const spanned = 1e-10;

/** An orthonormal basis of the rows of weights and loadings (Gram and Schmidt, twice over). */
function basisOf({ weights, loadings }: SpectralModel): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const source of [weights, loadings]) {
    for (let a = 0; a < source.rows; a++) {
      const row = rowOf(source, a).slice();
      const before = Math.sqrt(dot(row, row));
      for (let pass = 0; pass < 2; pass++) for (const axis of basis) addScaled(row, -dot(axis, row), axis);
      const after = Math.sqrt(dot(row, row));
      if (after <= spanned * before) continue;
      for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) / after;
      basis.push(row);
    }
  }
  return basis;
}

/** Bytes of a number. */
const word = 8;
/** Numbers that a kernel may read or write past the end of a spectrum. */
const slack = 16;

/** Places of the arrays in the kernels' memory, bytes. */
interface Places {
  readonly input: number;
  readonly prepared: number;
  readonly mean: number;
  readonly weights: number;
  readonly moments: number;
  readonly projected: number;
  readonly basis: number;
  readonly end: number;
}

function placesOf(points: number, taps: number, rows: number): Places {
  let next = 0;
  const take = (numbers: number): number => {
    const from = next;
    next += Math.ceil(numbers / 2) * 2 * word;
    return from;
  };
  return {
    input: take(points + slack),
    prepared: take(points + slack),
    mean: take(points + slack),
    weights: take(taps),
    moments: take(2),
    projected: take(rows),
    basis: take((points + 1) * rows),
    end: next,
  };
}

/**
 * A calibration folded for the stream. Weights and loadings of all components lie in one small space (for one property
 * of one dimension more than there are components), so a spectrum is projected onto an orthonormal basis of that space
 * and all else, scores, composition, T2 and Q, is arithmetic on a handful of numbers:
 * |c - P't|2 = (|c|2 - |Bc|2) + |Bc - BP't|2. SNV and the filter change places: both are linear but for the gain.
 */
export class NirEngine {
  readonly model: SpectralModel;
  readonly #filter: SavitzkyGolay | undefined;
  readonly #offset: boolean;
  readonly #places: Places;
  readonly #kernels: Kernels;
  readonly #input: Float64Array;
  readonly #prepared: Float64Array;
  readonly #moments: Float64Array;
  readonly #projected: Float64Array;
  /** What each basis vector makes of the weights and loadings, a row a component. */
  readonly #weights: Float64Array;
  readonly #loadings: Float64Array;
  readonly #size: number;

  constructor(model: SpectralModel) {
    const { points, preprocessing } = model;
    this.model = model;
    this.#offset = keepsOffset(preprocessing);
    this.#filter = preprocessing.savitzkyGolay && new SavitzkyGolay(preprocessing.savitzkyGolay, points);
    const basis = basisOf(model);
    this.#size = basis.length;
    const rows = Math.ceil(basis.length / rowLanes) * rowLanes;
    const taps = this.#filter?.centre.length ?? 0;
    const places = placesOf(points, taps, rows);
    const { buffer, kernels } = kernelsOver(places.end);
    this.#places = places;
    this.#kernels = kernels;
    const view = (from: number, length: number) => new Float64Array(buffer, from, length);
    this.#input = view(places.input, points + slack);
    this.#prepared = view(places.prepared, points + slack);
    this.#moments = view(places.moments, 2);
    this.#projected = view(places.projected, rows);
    view(places.mean, points).set(model.meanSpectrum);
    if (this.#filter) view(places.weights, taps).set(this.#filter.centre);
    interleave(basis, view(places.basis, (points + 1) * rows));
    const small = (source: SpectralModel['weights']) =>
      Float64Array.from({ length: source.rows * basis.length }, (_, at) =>
        dot(rowOf(source, Math.floor(at / basis.length)), basis[at % basis.length] as Float64Array),
      );
    this.#weights = small(model.weights);
    this.#loadings = small(model.loadings);
  }

  /** Place for what `predict` finds; one is enough for all spectra. */
  place(): Found {
    return { values: new Float64Array(this.model.meanValues.length), t2: 0, q: 0 };
  }

  /** Composition, T2 and Q of one raw spectrum of `points` values, into `found`; allocates nothing. */
  predict(spectrum: Float64Array, found: Found): void {
    const { points, preprocessing } = this.model;
    const input = this.#input;
    if (preprocessing.absorbance) absorbances(spectrum, input);
    else input.set(spectrum);
    this.#filterOver();
    const square = this.#centre();
    const { prepared, basis, projected } = this.#places;
    const even = points + (points % 2);
    this.#kernels.project(
      prepared,
      prepared + even * word,
      basis,
      projected,
      projected + this.#projected.length * word,
    );
    this.#conclude(square, found);
  }

  #filterOver(): void {
    const filter = this.#filter;
    const { points } = this.model;
    if (!filter) {
      this.#prepared.set(this.#input);
      return;
    }
    const { input, prepared, weights } = this.#places;
    const taps = filter.centre.length;
    const from = prepared + ((taps - 1) / 2) * word;
    this.#kernels.filter(input, from, weights, weights + taps * word, from + (points - taps + 1) * word);
    filter.ends(this.#input, this.#prepared);
  }

  /** Takes SNV's offset and gain, and the mean spectrum, out; returns the sum of squares of what is left. */
  #centre(): number {
    const { points, preprocessing } = this.model;
    let offset = 0;
    let gain = 1;
    const end = Math.ceil(points / 4) * 4;
    if (preprocessing.snv) {
      // Sums are taken from one of the values on, so that a large offset costs no digits.
      const origin = this.#input[points >> 1] as number;
      for (let i = points; i < end; i++) this.#input[i] = origin;
      const { input, moments } = this.#places;
      this.#kernels.moments(input, input + end * word, origin, moments);
      const [sum, squares] = [this.#moments[0] as number, this.#moments[1] as number];
      const variance = (squares - (sum * sum) / points) / (points - 1);
      gain = variance > 0 ? 1 / Math.sqrt(variance) : 0;
      if (this.#offset) offset = origin + sum / points;
    }
    // What stands past the end must come out as zero.
    for (let i = points; i < end; i++) this.#prepared[i] = offset;
    const { prepared, mean } = this.#places;
    return this.#kernels.centre(prepared, prepared + end * word, mean, gain, gain * offset);
  }

  /** The components one after the other, deflating within the small space. */
  #conclude(whole: number, found: Found): void {
    const { components, meanValues, yLoadings, scoreVariances } = this.model;
    const { values } = found;
    const projected = this.#projected;
    const size = this.#size;
    let off = whole;
    for (let j = 0; j < size; j++) off -= (projected[j] as number) * (projected[j] as number);
    values.set(meanValues);
    let t2 = 0;
    for (let a = 0; a < components; a++) {
      const row = a * size;
      let score = 0;
      for (let j = 0; j < size; j++) score += (this.#weights[row + j] as number) * (projected[j] as number);
      for (let j = 0; j < size; j++)
        projected[j] = (projected[j] as number) - score * (this.#loadings[row + j] as number);
      for (let k = 0; k < values.length; k++)
        values[k] = (values[k] as number) + score * (yLoadings.data[a * values.length + k] as number);
      t2 += (score * score) / (scoreVariances[a] as number);
    }
    let within = 0;
    for (let j = 0; j < size; j++) within += (projected[j] as number) * (projected[j] as number);
    found.t2 = t2;
    found.q = Math.max(0, off) + within;
  }
}

/** Rows in blocks, two values of each row side by side, as the kernel reads them. */
function interleave(rows: readonly Float64Array[], into: Float64Array): void {
  for (const [row, values] of rows.entries()) {
    const even = values.length + (values.length % 2);
    const block = Math.floor(row / rowLanes) * rowLanes * even;
    for (let i = 0; i < values.length; i++)
      into[block + (i - (i % 2)) * rowLanes + (row % rowLanes) * 2 + (i % 2)] = values[i] as number;
  }
}
