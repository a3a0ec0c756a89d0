import { gapFactor } from './belt-xrf.ts';
import type { Path } from './fluorescence.ts';
import { libraryElements, type XrfLibrary } from './xrf-library.ts';

const elements = libraryElements.length;
/** How far each element is moved to see what it changes: a share of it, and never less than this. */
const relativeStep = 0.05;
const leastStep = 5e-5;
/** An element of less than this, by mass, is a trace: it may double. */
const traceBelow = 0.01;
/** Share of a channel's counts that is nothing. */
const nothing = 3e-4;

/**
 * Spectra of ore that is near to one composition: that composition's, and how each element changes it. For the thousands of windows of a
 * lot; lot-spectra.test.ts says how far it is from the full physics.
 */
export class LotSpectra {
  readonly #library: XrfLibrary;
  readonly #centre: Float64Array;
  readonly #base: Float64Array;
  readonly #slopes: Float64Array;
  readonly #reach: readonly (readonly [number, number])[];
  /** Depth of a millimetre of water film, by channel. */
  readonly #film: Float64Array;

  constructor(library: XrfLibrary, centre: Float64Array) {
    this.#library = library;
    this.#centre = centre;
    const { channels, gapMm } = library.instrument;
    const path = { airMm: gapMm, waterFilmMm: 0 };
    this.#base = new Float64Array(channels);
    library.expected(centre, path, 1, this.#base);
    this.#slopes = new Float64Array(elements * channels);
    const moved = new Float64Array(channels);
    for (let e = 0; e < elements; e++) {
      const step = Math.max(leastStep, relativeStep * (centre[e] as number));
      const other = centre.slice();
      other[e] = (other[e] as number) + step;
      library.expected(other, path, 1, moved);
      for (let i = 0; i < channels; i++)
        this.#slopes[e * channels + i] = ((moved[i] as number) - (this.#base[i] as number)) / step;
    }
    this.#film = library.filmDepths();
    this.#reach = Array.from({ length: elements }, (_, e) => this.#reachOf(e));
  }

  /** Channels between which the element, as much as it may vary, changes more than next to nothing. */
  #reachOf(e: number): readonly [number, number] {
    const centre = this.#centre[e] as number;
    const varies = centre < traceBelow ? 2e-4 + 0.6 * centre : 0.1 * centre;
    const size = this.#base.length;
    const matters = (i: number) =>
      Math.abs(this.#slopes[e * size + i] as number) * varies > nothing * (this.#base[i] as number);
    let [from, to] = [0, size];
    while (from < size && !matters(from)) from++;
    while (to > from && !matters(to - 1)) to--;
    return [from, to];
  }

  /** Expected counts by channel, into `counts`. */
  expected(
    fractions: Float64Array,
    { airMm, waterFilmMm }: Pick<Path, 'airMm' | 'waterFilmMm'>,
    seconds: number,
    counts: Float64Array,
  ): void {
    const size = counts.length;
    counts.set(this.#base);
    for (let e = 0; e < elements; e++) {
      const off = (fractions[e] as number) - (this.#centre[e] as number);
      if (off === 0) continue;
      const row = e * size;
      const [from, to] = this.#reach[e] as readonly [number, number];
      for (let i = from; i < to; i++)
        counts[i] = (counts[i] as number) + off * (this.#slopes[row + i] as number);
    }
    const gap = gapFactor(this.#library.instrument, airMm);
    let [before, after] = [0, 0];
    for (let i = 0; i < size; i++) {
      const depth = waterFilmMm * (this.#film[i] as number);
      const value = Math.max(0, counts[i] as number);
      before += value;
      counts[i] = value * gap * (1 - depth * (1 - depth / 2));
      after += counts[i] as number;
    }
    // Fewer photons leave the detector free for more of the time: what was counted of all is 1/(1 + rate x dead time).
    const { deadS } = this.#library.instrument;
    const rate = before / (1 - before * deadS);
    const live = seconds * ((1 + rate * deadS) / (1 + ((rate * after) / before) * deadS));
    for (let i = 0; i < size; i++) counts[i] = (counts[i] as number) * live;
  }
}
