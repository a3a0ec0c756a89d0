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

/** Samples of known composition that an instrument is usually set by. */
export const referenceSamples = 8;

/** By analyte: what an instrument says too much, percent. */
export type Offsets = Readonly<Record<string, number>>;

/** Calibration transfer by a bias: mean difference of what was said and what is known of some samples. */
export function offsetsOf(
  samples: readonly {
    readonly said: readonly AnalyteValue[];
    readonly known: Readonly<Record<string, number>>;
  }[],
): Offsets {
  return Object.fromEntries(
    analytes.map((name) => {
      const differences = samples.flatMap(({ said, known }) => {
        const value = said.find((one) => one.name === name)?.value;
        return value === undefined || known[name] === undefined ? [] : [value - known[name]];
      });
      const sum = differences.reduce((all, one) => all + one, 0);
      return [name, differences.length > 0 ? sum / differences.length : 0];
    }),
  );
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

  /**
   * Of the mean features of so many windows. `offsets` are what the instrument says too much of each analyte, by samples of known composition
   * (`offsetsOf`).
   */
  of(features: Float64Array, windows: number, offsets?: Offsets): AnalyteValue[] {
    const { values, sigma, bias, referencedBias } = this.#table;
    return analytes.map((name, k) => {
      let value = (values[k] as number) - (offsets?.[name] ?? 0);
      for (let i = 0; i < spectralFeatures; i++)
        value +=
          (this.#slopes[k * spectralFeatures + i] as number) *
          ((features[i] as number) - (this.#mean[i] as number));
      return {
        name,
        value,
        sigma: (sigma[k] as number) / Math.sqrt(windows),
        bias: (offsets ? referencedBias : bias)[k] as number,
      };
    });
  }
}
