import { analytes } from './analytes.ts';
import { spectralFeatures } from './features.ts';
import { unpacked } from './packed.ts';
import type { Regression } from './tables.ts';

/** A value of the ore: percent, with the deviation of a window beside its lot, and of what all of the lot has in common. */
export interface AnalyteValue {
  readonly name: string;
  readonly value: number;
  readonly sigma: number;
  readonly bias: number;
}

/** A calibration of features to the composition. */
export class Composition {
  readonly #table: Regression;
  readonly #mean: Float64Array;
  readonly #slopes: Float64Array;

  constructor(table: Regression) {
    this.#table = table;
    this.#mean = unpacked(table.mean, spectralFeatures);
    this.#slopes = unpacked(table.slopes, analytes.length * spectralFeatures);
  }

  /** Of the mean features of so many windows. */
  of(features: Float64Array, windows: number): AnalyteValue[] {
    const { values, sigma, bias } = this.#table;
    return analytes.map((name, k) => {
      let value = values[k] as number;
      for (let i = 0; i < spectralFeatures; i++)
        value +=
          (this.#slopes[k * spectralFeatures + i] as number) *
          ((features[i] as number) - (this.#mean[i] as number));
      return { name, value, sigma: (sigma[k] as number) / Math.sqrt(windows), bias: bias[k] as number };
    });
  }
}
