import { whiten } from './covariance.ts';
import { spectralFeatures, xrfFeatures } from './features.ts';
import { unpacked } from './packed.ts';
import type { BrandTable } from './tables.ts';
import { TurnedSpace } from './turned-space.ts';

const size = spectralFeatures;

/** The space of one brand's spectra, and what each waste does in it. */
export class BrandSpace extends TurnedSpace {
  readonly table: Omit<BrandTable, 'regression'>;
  /** Logarithm of the determinant of the covariance. */
  readonly logDeterminant: number;
  /** What each waste, and then each fluorescence line that is stronger, does to the turned features: a row each. */
  readonly directions: readonly Float64Array[];
  readonly #white = new Float64Array(size);

  constructor(table: Omit<BrandTable, 'regression'>, wastes: number) {
    super(table, size);
    this.table = table;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += 2 * Math.log(this.lower[i * size + i] as number);
    this.logDeterminant = sum;
    const known = unpacked(table.directions, wastes * size);
    this.directions = [
      ...Array.from({ length: wastes }, (_, w) => known.subarray(w * size, (w + 1) * size)),
      ...Array.from({ length: xrfFeatures - 1 }, (_, e) => {
        const unit = new Float64Array(size);
        unit[size - xrfFeatures + e] = 1;
        const [plain, turned] = [new Float64Array(size), new Float64Array(size)];
        whiten(this.lower, unit, plain);
        this.turnTo(plain, turned);
        return turned;
      }),
    ];
  }

  /**
   * Logarithm of how likely the features are of the brand, but for a constant. Something below `floor` may come out as anything below it: of ore of other
   * brands the first few features are enough.
   */
  logLikelihood(features: Float64Array, floor = Number.NEGATIVE_INFINITY): number {
    const [white, lower] = [this.#white, this.lower];
    const most = -2 * floor;
    let sum = this.logDeterminant;
    for (let i = 0; i < size && sum <= most; i++) {
      let value = (features[i] as number) - (this.mean[i] as number);
      for (let k = 0; k < i; k++) value -= (lower[i * size + k] as number) * (white[k] as number);
      value /= lower[i * size + i] as number;
      white[i] = value;
      sum += value * value;
    }
    return -sum / 2;
  }
}

/** The other brands, those first that are most like the declared one: what is unlike it is then soon told to be so. */
export const rivalsOf = (declared: BrandSpace, spaces: Iterable<BrandSpace>): BrandSpace[] =>
  [...spaces]
    .filter((space) => space !== declared)
    .map((space) => ({ space, likely: space.logLikelihood(declared.mean) }))
    .sort((a, b) => b.likely - a.likely)
    .map(({ space }) => space);

/**
 * How much likelier, as a logarithm, the likeliest of the other brands makes the features than the declared one: of clean ore far below 0. Cut off at 0 it would say nothing of how far, and of
 * brands that are unlike all others nothing could be calibrated.
 */
export function otherBrand(
  rivals: readonly BrandSpace[],
  declared: BrandSpace,
  features: Float64Array,
): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const space of rivals) best = Math.max(best, space.logLikelihood(features, best));
  return best - declared.logLikelihood(features);
}
