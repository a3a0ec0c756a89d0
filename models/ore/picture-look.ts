import { type Baseline, expectation, withWindow } from './baseline.ts';
import { pictureSize } from './picture-features.ts';
import { type SpaceTable, TurnedSpace } from './turned-space.ts';

/** From this p-value on a window counts as clean for the lot's baseline, as for spectra. */
const cleanFrom = 0.001;

/**
 * How far pictures are from the look of their brand and of their own lot: light, rain and the lot's ore are the same all along it, so that what comes into it is seen that would be lost
 * among lots.
 */
export class LookWatch {
  readonly #space: TurnedSpace;

  constructor(table: SpaceTable) {
    this.#space = new TurnedSpace(table, pictureSize);
  }

  /** Hotelling's T2 of the mean features of a window's pictures, and their turned features. */
  t2(
    { count, mean }: Baseline,
    features: ArrayLike<number>,
  ): { readonly t2: number; readonly turned: Float64Array } {
    const [plain, turned] = [new Float64Array(pictureSize), new Float64Array(pictureSize)];
    this.#space.turned(features, plain, turned);
    const { known, scales } = expectation(count, this.#space.within);
    const t2 = turned.reduce(
      (sum, value, k) => sum + ((value - (known[k] as number) * (mean[k] ?? 0)) / (scales[k] as number)) ** 2,
      0,
    );
    return { t2, turned };
  }

  after(baseline: Baseline, turned: Float64Array, p: number): Baseline {
    return p < cleanFrom ? baseline : withWindow(baseline, this.#space.within, turned);
  }
}
