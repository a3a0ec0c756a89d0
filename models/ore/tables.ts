import type { Tail } from './tail.ts';

/** A linear calibration of features to all analytes. */
export interface Regression {
  readonly mean: readonly number[];
  /** Of each analyte the mean, and a slope a feature. */
  readonly values: readonly number[];
  readonly slopes: readonly (readonly number[])[];
  readonly components: readonly number[];
  /** Of each analyte on instruments and lots that were not trained on: deviation of a window beside its lot, and of lots. */
  readonly sigma: readonly number[];
  readonly bias: readonly number[];
}
