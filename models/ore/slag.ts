import { simes } from '../control/fusion.ts';
import { type Baseline, expectation, withWindow } from './baseline.ts';
import type { BrandSpace } from './brand-space.ts';
import { spectralFeatures } from './features.ts';
import { type LotScale, noScale, toldP } from './lot-scale.ts';
import { tailP } from './tail.ts';

/** What a window says of waste in the ore. */
export interface SlagScores {
  /** Deviations along what each known waste does, in the order of the wastes. */
  readonly wastes: Float64Array;
  /** The largest along any known waste, and along any single line of fluorescence. */
  readonly known: number;
  readonly lines: number;
  /** Hotelling's T2 of all features. */
  readonly t2: number;
}

/** From this p-value on a window counts as clean for the lot's baseline: a lot that is one in a hundred has to be learnt like any other. */
const cleanFrom = 0.001;

/**
 * Compares windows of a lot with clean ore of its brand: along the spectra of known wastes (matched filters), along each line of
 * fluorescence, and all features at once, for what nobody has seen. What the lot has in common is learnt on the way.
 */
export class SlagWatch {
  readonly space: BrandSpace;
  readonly #wastes: number;
  readonly #scale: LotScale;
  readonly #plain = new Float64Array(spectralFeatures);
  readonly #turned = new Float64Array(spectralFeatures);
  readonly #relative = new Float64Array(spectralFeatures);
  /** By number of windows: of a lot there are as many as its baseline reaches back over. */
  readonly #expectations = new Map<
    number,
    ReturnType<typeof expectation> & { readonly directions: readonly Float64Array[] }
  >();

  constructor(space: BrandSpace, wastes: number, scale: LotScale = noScale) {
    this.space = space;
    this.#scale = scale;
    this.#wastes = wastes;
  }

  scores({ count, mean }: Baseline, features: Float64Array): SlagScores {
    const { space } = this;
    space.turned(features, this.#plain, this.#turned);
    const { known, scales, directions } = this.#expected(count);
    const relative = this.#relative;
    let t2 = 0;
    for (let k = 0; k < spectralFeatures; k++) {
      const value =
        ((this.#turned[k] as number) - (known[k] as number) * (mean[k] ?? 0)) / (scales[k] as number);
      relative[k] = value;
      t2 += value * value;
    }
    const wastes = new Float64Array(this.#wastes);
    let [most, lines] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [d, direction] of directions.entries()) {
      let sum = 0;
      for (let k = 0; k < spectralFeatures; k++) sum += (direction[k] as number) * (relative[k] as number);
      if (d < this.#wastes) {
        wastes[d] = sum;
        most = Math.max(most, sum);
      } else lines = Math.max(lines, sum);
    }
    return { wastes, known: most, lines, t2 };
  }

  /** Expectation after so many windows, and the directions in its deviations, of length 1. */
  #expected(count: number) {
    const made = this.#expectations.get(count);
    if (made) return made;
    const { known, scales } = expectation(count, this.space.within);
    const directions = this.space.directions.map((direction) => {
      const scaled = direction.map((value, k) => value / (scales[k] as number));
      const length = Math.hypot(...scaled);
      return scaled.map((value) => value / length);
    });
    const found = { known, scales, directions };
    this.#expectations.set(count, found);
    return found;
  }

  /** p-value of clean ore of the brand, of all three together (Simes), as the lot's tests may take it. */
  p({ known, lines, t2 }: SlagScores): number {
    const { tails } = this.space.table;
    return toldP(
      this.#scale,
      simes([tailP(tails.known, known), tailP(tails.lines, lines), tailP(tails.t2, t2)]),
    );
  }

  /** The baseline after the window that `scores` was asked of last. */
  after(baseline: Baseline, p: number): Baseline {
    return p < cleanFrom ? baseline : withWindow(baseline, this.space.within, this.#turned);
  }
}
