import type { Identified } from '#models/xrf/identify';

/** GET /laboratory/calibrations (viewer): the spectral calibrations that the hub has, newest versions first. */
export interface CalibrationView {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  readonly samples: number | null;
  readonly metrics: readonly {
    readonly name: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly unit: string;
  }[];
  /** Flows that name it, by box, and the release that they are of. */
  readonly used: readonly {
    readonly box: string;
    readonly release: number;
    readonly flows: readonly string[];
  }[];
}

/**
 * POST /laboratory/calibrations, /laboratory/transfers (operator), /laboratory/predictions, /laboratory/fits (analyst): what the command of that
 * name prints, as objects; its other lines; and what a picture needs.
 */
export interface LaboratoryResult {
  readonly rows: readonly object[];
  readonly notes: readonly string[];
  /** `CalibrationPicture` of a calibration, `FitPicture` of a fit, else null. */
  readonly picture: unknown;
  /** What the hub has taken in, where that was asked for. */
  readonly kept?: { readonly id: string; readonly version: string };
}

/** A row of a calibration. */
export interface CalibrationRow {
  readonly target: string;
  readonly unit: string;
  readonly components: number;
  readonly rmsecv: number;
  readonly bias: number;
  readonly r2: number;
  readonly samples: number;
  readonly points: number;
  readonly preprocessing: string;
  readonly confidence: number;
  readonly rmsecvByComponents: readonly number[];
}

/** Spectra as a band of 5, 50 and 95 %, coefficients along the axis, and samples by row; `predicted` is of cross-validation. */
export interface CalibrationPicture {
  readonly axis: readonly number[];
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
  readonly coefficients: readonly number[];
  readonly coefficientSigmas: readonly number[];
  readonly measured: readonly number[];
  readonly predicted: readonly number[];
  readonly suspects: readonly { readonly row: number; readonly sigmas: number }[];
  readonly tried: readonly {
    readonly preprocessing: string;
    readonly components: number;
    readonly rmsecv: number;
  }[];
}

/** The row of a transfer: root mean squares of the difference to the primary instrument. */
export interface TransferRow {
  readonly target: string;
  readonly method: string;
  readonly samples: number;
  readonly rmsBefore: number;
  readonly rmsAfter: number;
  readonly transferSigma: number;
  readonly tried: readonly { readonly method: string; readonly rms: number }[];
}

/** A row of predictions, one a spectrum. `outside` names the limits that it is beyond. */
export interface PredictionRow {
  readonly index: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly t2: number;
  readonly q: number;
  readonly t2Limit: number;
  readonly qLimit: number;
  readonly outside: readonly string[];
  readonly target: string;
  readonly confidence: number;
}

/** A row of a fit, one an element and line, by energy. */
export type ElementRow = Identified;

/** Of the first spectrum of a file: counts, continuum and fit by channel, and peaks that no element explains. */
export interface FitPicture {
  readonly energyKeV: readonly number[];
  readonly counts: readonly number[];
  readonly baseline: readonly number[];
  readonly model: readonly number[];
  readonly unassignedKeV: readonly number[];
  /** Those of them that may be lines of the tube, and which. */
  readonly tubeLines: readonly { readonly energyKeV: number; readonly line: string }[];
}
