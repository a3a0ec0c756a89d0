import type { LotScale } from './lot-scale.ts';
import type { Tail } from './tail.ts';
import type { SpaceTable } from './turned-space.ts';

/** A linear calibration of features to all analytes: `slopes` packed, analytes x features. */
export interface Regression {
  readonly mean: string;
  readonly values: readonly number[];
  readonly slopes: string;
  readonly components: readonly number[];
  /** Of each analyte on instruments and lots that were not trained on, deviations of the error: what each window has of its own; counting, of one second; what goes on along the belt. */
  readonly own: readonly number[];
  readonly counting: readonly number[];
  readonly along: readonly number[];
  /** What all of a lot has in common; and the same where the instrument was set by some samples of known composition. */
  readonly bias: readonly number[];
  readonly referencedBias: readonly number[];
}

/** All that the models know of a brand; numbers are packed (packed.ts). */
export interface BrandTable extends SpaceTable {
  readonly name: string;
  /** Turned features of 20 % of each waste, waste x features. */
  readonly directions: string;
  readonly regression: Regression;
  /** Scores of clean windows, in order of the belt, of instruments and lots that were not trained on. */
  readonly tails: { readonly known: Tail; readonly lines: Tail; readonly t2: Tail; readonly brand: Tail };
}

/** Normal distributions of the plain features, by class: clean ore, then each waste. */
export interface ImpurityTable {
  readonly classes: readonly string[];
  /** Class x features, and a lower triangle a class. */
  readonly means: string;
  readonly lowers: readonly string[];
}

/** How pictures of a brand look: the space of the features of whole pictures, and how their pieces vary. */
export interface PictureTable extends SpaceTable {
  readonly name: string;
  /** Of each kind of shape (picture-scan.ts): a lower triangle of the features beside the picture's medians; and of the strangest in a clean picture, mean and deviation. */
  readonly shapes: string;
  readonly usual: readonly number[];
  readonly spread: readonly number[];
}

export interface PictureTables {
  readonly brands: readonly PictureTable[];
  readonly tails: { readonly anomaly: Tail; readonly inclusion: Tail };
  /** What foreign bodies are like, some means of each kind, and a common lower triangle. */
  readonly kinds: { readonly labels: readonly string[]; readonly means: string; readonly lower: string };
}

export interface OreTables {
  readonly version: string;
  readonly wastes: readonly string[];
  readonly brands: readonly BrandTable[];
  /** Of all brands but those that were held out, for ore of a brand that is not known. */
  readonly anyBrand: Regression;
  readonly anyBrandHeldOut: readonly string[];
  /** p-values of windows as the tests of a lot may take them. */
  readonly lots: { readonly brand: LotScale; readonly slag: LotScale };
  readonly impurity: ImpurityTable;
  readonly pictures: PictureTables;
}
