import type { MessageOf } from './message.ts';

export type SpectrumMessage = MessageOf<'spectrum'>;

/** Limits that a spectrum or its value can be beyond: Hotelling's T2, the residual Q, and the reference values of the calibration. */
export type Limit = 'q' | 'range' | 't2';

/** What a calibration says of one spectrum, in the unit of its values. */
export interface SpectralPrediction {
  readonly value: number;
  /** Prediction interval of a new reference value, at the calibration's confidence. */
  readonly lower: number;
  readonly upper: number;
  readonly t2: number;
  readonly q: number;
  /** What it is beyond: then its value is not to be relied on. `range`: with its whole interval. */
  readonly outside: readonly Limit[];
  /** One standard deviation of what the spectrum's ore has of its own, and of what all of its lot has in common. */
  readonly sigma: number;
  readonly bias: number;
}

/** A laboratory's calibration of one property, as the `calibration` stage uses it. */
export interface SpectralCalibration {
  readonly id: string;
  readonly version: string;
  readonly signed: boolean;
  /** Validated on simulated spectra alone. */
  readonly simulated: boolean;
  readonly target: string;
  /** UCUM; `1` where the bundle does not say it. */
  readonly unit: string;
  readonly technique: SpectrumMessage['technique'];
  readonly confidence: number;
  readonly t2Limit: number;
  readonly qLimit: number;
  /** Throws a Refusal for a spectrum that it cannot use: another technique or axis, or a flat one. */
  predict(spectrum: SpectrumMessage): SpectralPrediction;
}

/** Calibrations by bundle id: what is given is the newest verified version. */
export interface Calibrations {
  /** Undefined where there is no such calibration. */
  calibration(id: string): SpectralCalibration | undefined;
}
