import { SavitzkyGolay, type SavitzkyGolaySettings } from './savitzky-golay.ts';

/** What is done to a spectrum before the model, in this order. */
export interface Preprocessing {
  /** Reflectance becomes absorbance, -log10 R. */
  readonly absorbance: boolean;
  /** Standard normal variate: each spectrum to mean 0 and standard deviation 1. */
  readonly snv: boolean;
  readonly savitzkyGolay?: SavitzkyGolaySettings | undefined;
}

/** In words, for people and for the choice among several. */
export function describePreprocessing({ absorbance, snv, savitzkyGolay }: Preprocessing): string {
  const parts = [
    ...(absorbance ? ['absorbance'] : []),
    ...(snv ? ['snv'] : []),
    ...(savitzkyGolay
      ? [`sg(${savitzkyGolay.window},${savitzkyGolay.order},${savitzkyGolay.derivative})`]
      : []),
  ];
  return parts.join('+') || 'none';
}

/** Reflectance below this counts as this: a dark point must not become infinite. */
const least = 1e-6;

/** -log10 of each reflectance, into `output`. */
export function absorbances(input: Float64Array, output: Float64Array): void {
  for (let i = 0; i < input.length; i++) output[i] = -Math.log10(Math.max(least, input[i] as number));
}

/** Whether the offset of a spectrum is still there after its filter: a derivative has taken it out. */
export const keepsOffset = ({ savitzkyGolay }: Preprocessing): boolean => !savitzkyGolay?.derivative;

/** The preprocessing for spectra of `points` values, a step at a time, with memory of its own. */
export class Preprocessor {
  readonly #what: Preprocessing;
  readonly #filter: SavitzkyGolay | undefined;
  readonly #values: Float64Array;

  constructor(what: Preprocessing, points: number) {
    this.#what = what;
    this.#filter = what.savitzkyGolay && new SavitzkyGolay(what.savitzkyGolay, points);
    this.#values = new Float64Array(points);
  }

  apply(input: Float64Array, output: Float64Array): void {
    const values = this.#values;
    if (this.#what.absorbance) absorbances(input, values);
    else values.set(input);
    if (this.#what.snv) standardNormal(values);
    if (this.#filter) this.#filter.apply(values, output);
    else output.set(values);
  }
}

/** In place to mean 0 and deviation 1. A flat spectrum has no shape: it becomes zeros, which are far from any model. */
function standardNormal(values: Float64Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const gain = squares > 0 ? 1 / Math.sqrt(squares / (values.length - 1)) : 0;
  for (let i = 0; i < values.length; i++) values[i] = ((values[i] as number) - mean) * gain;
}
