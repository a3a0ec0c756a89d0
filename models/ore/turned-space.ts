import { whiten } from './covariance.ts';
import { squareOf, triangleSize, unpacked } from './packed.ts';

/** Packed numbers of a space: mean; lower triangle of the root of the covariance; a rotation, a row each; the share of variance that each turned feature has within a lot. */
export interface SpaceTable {
  readonly mean: string;
  readonly lower: string;
  readonly turn: string;
  readonly within: string;
}

/**
 * Features of clean ore in their own standard deviations: first free of correlation (`plain`), then turned so that what a lot has in common and what varies in it are free of each other too
 * (`turned`). Of the variance 1 of a turned feature, `within` is that within a lot.
 */
export class TurnedSpace {
  readonly size: number;
  readonly mean: Float64Array;
  readonly lower: Float64Array;
  readonly within: Float64Array;
  readonly #turn: Float64Array;
  readonly #offset: Float64Array;

  constructor({ mean, lower, turn, within }: SpaceTable, size: number) {
    this.size = size;
    this.mean = unpacked(mean, size);
    this.lower = squareOf(unpacked(lower, triangleSize(size)), size);
    this.within = unpacked(within, size);
    this.#turn = unpacked(turn, size * size);
    this.#offset = new Float64Array(size);
  }

  /** Into `plain`. */
  plain(features: ArrayLike<number>, plain: Float64Array): void {
    const offset = this.#offset;
    for (let i = 0; i < this.size; i++) offset[i] = (features[i] as number) - (this.mean[i] as number);
    whiten(this.lower, offset, plain);
  }

  /** Into both. */
  turned(features: ArrayLike<number>, plain: Float64Array, turned: Float64Array): void {
    this.plain(features, plain);
    this.turnTo(plain, turned);
  }

  turnTo(plain: Float64Array, turned: Float64Array): void {
    const { size } = this;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (this.#turn[i * size + k] as number) * (plain[k] as number);
      turned[i] = sum;
    }
  }
}
