import { simes } from '../control/fusion.ts';
import { type Baseline, relativeTo, withWindow } from './baseline.ts';
import type { BrandSpace } from './brand-space.ts';
import { spectralFeatures } from './features.ts';
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

/** From this p-value on a window counts as clean for the lot's baseline. */
const cleanFrom = 0.01;

/**
 * Compares windows of a lot with clean ore of its brand: along the spectra of known wastes (matched filters), along each line of
 * fluorescence, and all features at once, for what nobody has seen. What the lot has in common is learnt on the way.
 */
export class SlagWatch {
  readonly space: BrandSpace;
  readonly #wastes: number;
  readonly #plain = new Float64Array(spectralFeatures);
  readonly #turned = new Float64Array(spectralFeatures);
  readonly #relative = new Float64Array(spectralFeatures);
  readonly #scales = new Float64Array(spectralFeatures);

  constructor(space: BrandSpace, wastes: number) {
    this.space = space;
    this.#wastes = wastes;
  }

  scores(baseline: Baseline, features: Float64Array): SlagScores {
    const { space } = this;
    space.turned(features, this.#plain, this.#turned);
    relativeTo(baseline, space.within, this.#turned, this.#relative, this.#scales);
    const along = (direction: Float64Array) => {
      let [sum, square] = [0, 0];
      for (let k = 0; k < spectralFeatures; k++) {
        const part = (direction[k] as number) / (this.#scales[k] as number);
        sum += part * (this.#relative[k] as number);
        square += part * part;
      }
      return sum / Math.sqrt(square);
    };
    const wastes = Float64Array.from({ length: this.#wastes }, (_, w) =>
      along(space.directions[w] as Float64Array),
    );
    let lines = Number.NEGATIVE_INFINITY;
    for (const direction of space.directions.slice(this.#wastes)) lines = Math.max(lines, along(direction));
    let t2 = 0;
    for (let k = 0; k < spectralFeatures; k++) t2 += (this.#relative[k] as number) ** 2;
    return { wastes, known: Math.max(...wastes), lines, t2 };
  }

  /** p-value of clean ore of the brand, of all three together (Simes). */
  p({ known, lines, t2 }: SlagScores): number {
    const { tails } = this.space.table;
    return simes([tailP(tails.known, known), tailP(tails.lines, lines), tailP(tails.t2, t2)]);
  }

  /** The baseline after the window that `scores` was asked of last. */
  after(baseline: Baseline, p: number): Baseline {
    return p < cleanFrom ? baseline : withWindow(baseline, this.space.within, this.#turned);
  }
}
