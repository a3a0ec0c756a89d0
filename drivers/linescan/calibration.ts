import type { ScanAttributes } from '#flows/scan';
import { type BadPixelLimits, BadPixels, badByCalibration } from './bad-pixels.ts';
import type { Line } from './decode.ts';
import { Level } from './level.ts';

export interface CalibrationOptions extends BadPixelLimits {
  /** Planes of the picture: 1 or 2. */
  readonly planes: number;
  /** Lines without which dark or air do not count as measured. */
  readonly calibrationLines: number;
  readonly maxAgeSeconds: number;
  /** Share of a reading that is left in the next one of the same energy. */
  readonly afterglow: number;
  readonly saturationAdu: number;
}

/** How fast the usual dose follows that of air lines. */
const doseShare = 1 / 16;
/** Share of the usual dose below which a pulse counts as missing. */
const leastDose = 0.1;

/** What one energy's readings have to be divided by. */
class Plane {
  readonly dark: Level;
  readonly air: Level;
  /** `T = (S - offset) * factor / dose`. */
  readonly offset: Float64Array;
  readonly factor: Float64Array;
  /** Signal of the line before, for the afterglow, and its number. */
  readonly before: Float64Array;
  beforeLine = -1;
  /** Whether the scanner has a reference detector, and what it says in air. */
  referenced = true;
  airDose = 0;

  constructor(elements: number) {
    this.dark = new Level(elements);
    this.air = new Level(elements);
    this.offset = new Float64Array(elements);
    this.factor = new Float64Array(elements);
    this.before = new Float64Array(elements);
  }
}

/** Dark, air and bad pixels of one scanner; made anew when its number of elements changes. */
export class Calibration {
  readonly elements: number;
  readonly bad: BadPixels;
  readonly #options: CalibrationOptions;
  readonly #planes: readonly Plane[];
  #fresh = false;
  /** Samples at the limit in the last line. */
  saturated = 0;

  constructor(elements: number, options: CalibrationOptions) {
    this.elements = elements;
    this.#options = options;
    this.#planes = Array.from({ length: options.planes }, () => new Plane(elements));
    this.bad = new BadPixels(elements);
  }

  /** Takes a line with the beam off, or with nothing in it. */
  learn(line: Line, plane: number): void {
    const own = this.#planes[plane];
    if (!own) return;
    this.#fresh = false;
    if (line.beam === 'dark') {
      own.dark.add(line.samples, undefined, 1, line.timeNs);
      return;
    }
    own.referenced = line.doseRef > 0;
    own.airDose += (line.doseRef - own.airDose) * (own.airDose > 0 ? doseShare : 1);
    own.air.add(line.samples, this.#dark(own)?.mean, own.referenced ? 1 / line.doseRef : 1, line.timeNs);
  }

  /** Whether both were measured for every plane, and not too long before this moment. */
  state(timeNs: bigint): ScanAttributes['calibration'] {
    const { maxAgeSeconds, calibrationLines } = this.#options;
    const limit = BigInt(Math.round(maxAgeSeconds * 1e9));
    let worst: ScanAttributes['calibration'] = 'good';
    for (const plane of this.#planes) {
      const dark = this.#dark(plane);
      if (!dark || plane.air.lines < calibrationLines) return 'missing';
      if (timeNs - dark.lastNs > limit || timeNs - plane.air.lastNs > limit) worst = 'stale';
    }
    return worst;
  }

  /** Dark of the plane, else of the other one: the electronics are the same. */
  #dark(plane: Plane): Level | undefined {
    return [plane, ...this.#planes].find(({ dark }) => dark.lines >= this.#options.calibrationLines)?.dark;
  }

  /** Works out factors and bad pixels from what was learnt since the last time. */
  settle(): void {
    if (this.#fresh) return;
    this.#fresh = true;
    const { calibrationLines, afterglow } = this.#options;
    const bad = new Uint8Array(this.elements);
    for (const plane of this.#planes) {
      const dark = this.#dark(plane);
      const measured = plane.air.lines >= calibrationLines && dark !== undefined;
      if (dark) plane.offset.set(dark.mean);
      else plane.offset.fill(0);
      for (let i = 0; i < this.elements; i++) {
        const air = plane.air.mean[i] as number;
        // In steady air the afterglow of the line before is part of what was measured.
        plane.factor[i] = !measured ? 1 / 65_535 : air > 0 ? (1 + afterglow) / air : 0;
      }
      plane.referenced &&= measured;
      if (measured) badByCalibration(plane.air, dark, this.#options, bad);
      plane.beforeLine = -1;
    }
    this.bad.replace(bad);
  }

  /**
   * Transmission of an object's line into `out`, and `saturated`. False: the pulse had no dose, so the line
   * says nothing of the object. Without a calibration `out` is the share of the full scale.
   */
  transmit(line: Line, plane: number, out: Float32Array): boolean {
    const own = this.#planes[plane];
    if (!own) return false;
    const { samples } = line;
    const { offset, factor, before } = own;
    const { afterglow, saturationAdu } = this.#options;
    if (own.referenced && !(line.doseRef > leastDose * own.airDose)) return false;
    const perDose = own.referenced ? 1 / line.doseRef : 1;
    // Lines of both energies are numbered together: the one before of this energy is as many back as there are.
    const left = own.beforeLine === line.line - this.#planes.length ? afterglow : 0;
    own.beforeLine = line.line;
    let saturated = 0;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i] as number;
      if (sample >= saturationAdu) saturated++;
      const signal = sample - (offset[i] as number) - left * (before[i] as number);
      before[i] = signal;
      out[i] = signal * (factor[i] as number) * perDose;
    }
    this.saturated = saturated;
    return true;
  }
}
