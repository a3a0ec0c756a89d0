import { inputAxis, type StoredCalibration } from './calibration-file.ts';
import { NirEngine } from './engine.ts';
import { halfWidths } from './interval.ts';
import type { Found } from './spectral-model.ts';
import { standardise } from './standardise.ts';

export interface Prediction {
  value: number;
  /** The interval that holds a reference value with the calibration's confidence. */
  lower: number;
  upper: number;
  t2: number;
  q: number;
}

/** A calibration, ready for spectra on its own axis or, when it was transferred, the secondary instrument's. */
export class Predictor {
  readonly calibration: StoredCalibration;
  readonly #engine: NirEngine;
  readonly #found: Found;
  readonly #standard: Float64Array;
  readonly #half: (t2: number) => number;

  /** An engine of the same model may be shared: each has a memory of its own, of which a process has some dozens. */
  constructor(calibration: StoredCalibration, engine = new NirEngine(calibration.model)) {
    this.calibration = calibration;
    this.#engine = engine;
    this.#found = this.#engine.place();
    this.#standard = new Float64Array(calibration.model.points);
    this.#half = halfWidths(calibration.uncertainty);
  }

  /** Points that a spectrum has to have. */
  get points(): number {
    return inputAxis(this.calibration).length;
  }

  predict(spectrum: Float64Array): Prediction {
    const { transfer } = this.calibration;
    let own = spectrum;
    if (transfer?.standardisation) {
      standardise(transfer.standardisation, spectrum, this.#standard);
      own = this.#standard;
    }
    return this.predictOwn(own);
  }

  /** Of a spectrum that is on the axis of the model already, as the primary instrument would have seen it. */
  predictOwn(own: Float64Array): Prediction {
    const { transfer } = this.calibration;
    this.#engine.predict(own, this.#found);
    const { values, t2, q } = this.#found;
    const value = (transfer?.slope ?? 1) * (values[0] as number) + (transfer?.bias ?? 0);
    const half = this.#half(t2);
    return { value, lower: value - half, upper: value + half, t2, q };
  }
}
