import { analytes } from './analytes.ts';
import { meanAlong } from './error-parts.ts';
import { spectralFeatures } from './features.ts';
import { unpacked } from './packed.ts';
import type { Regression } from './tables.ts';

/** A value of the ore: percent, with the deviation of the windows beside their lot, and of what all of the lot has in common. */
export interface AnalyteValue {
  readonly name: string;
  readonly value: number;
  readonly sigma: number;
  readonly bias: number;
}

/** Weight of a sample whose calibration differs by so much from instrument to instrument. */
export const offsetWeight = (bias: number): number => 1 / (bias * bias + 1e-12);

/** Samples of known composition that an instrument is usually set by. */
export const referenceSamples = 8;

/** By analyte: what an instrument says too much, percent. */
export type Offsets = Readonly<Record<string, number>>;

/**
 * Calibration transfer by a bias: mean difference of what was said and what is known of some samples, those counting most whose calibration errs least from instrument to
 * instrument.
 */
export function offsetsOf(
  samples: readonly {
    readonly said: readonly AnalyteValue[];
    readonly known: Readonly<Record<string, number>>;
  }[],
): Offsets {
  return Object.fromEntries(
    analytes.map((name) => {
      let [sum, weights] = [0, 0];
      for (const { said, known } of samples) {
        const one = said.find((value) => value.name === name);
        if (!one || known[name] === undefined) continue;
        const weight = offsetWeight(one.bias);
        sum += weight * (one.value - known[name]);
        weights += weight;
      }
      return [name, weights > 0 ? sum / weights : 0];
    }),
  );
}

/** Seconds that a window was seen for, where nobody says it: as in the calibration. */
const usualSeconds = 3;

/** A stretch of ore whose mean features are looked at. */
export interface Stretch {
  readonly windows: number;
  /** Mass of a window, t, and seconds that it was seen for. */
  readonly windowT: number;
  readonly seconds?: number | undefined;
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
   * Of the mean features of a stretch. `offsets` are what the instrument says too much of each analyte, by samples of known composition
   * (`offsetsOf`).
   */
  of(features: Float64Array, stretch: Stretch, offsets?: Offsets): AnalyteValue[] {
    const { values, own, counting, along, bias, referencedBias } = this.#table;
    const { windows, windowT, seconds = usualSeconds } = stretch;
    const kept = meanAlong(windows * windowT);
    return analytes.map((name, k) => {
      let value = (values[k] as number) - (offsets?.[name] ?? 0);
      for (let i = 0; i < spectralFeatures; i++)
        value +=
          (this.#slopes[k * spectralFeatures + i] as number) *
          ((features[i] as number) - (this.#mean[i] as number));
      return {
        name,
        value,
        sigma: Math.sqrt(
          (along[k] as number) ** 2 * kept +
            ((own[k] as number) ** 2 + (counting[k] as number) ** 2 / seconds) / windows,
        ),
        bias: (offsets ? referencedBias : bias)[k] as number,
      };
    });
  }
}
