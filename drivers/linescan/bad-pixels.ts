import type { Level } from './level.ts';

export interface BadPixelLimits {
  /** Gain below this share of the neighbours', or above its inverse. */
  readonly badGain: number;
  /** Noise above this multiple of the neighbours'. */
  readonly badNoise: number;
  /** Dark signal above the neighbours', ADU. */
  readonly badDarkAdu: number;
}

/** Elements on each side that an element is compared with. */
const reach = 8;

/** Which elements are not believed, and the believed ones next to each. */
export class BadPixels {
  readonly map: Uint8Array;
  /** Nearest believed element before and after each; -1: none. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  count = 0;

  constructor(elements: number) {
    this.map = new Uint8Array(elements);
    this.before = new Int32Array(elements);
    this.after = new Int32Array(elements);
    this.#link();
  }

  replace(map: Uint8Array): void {
    this.map.set(map);
    this.#link();
  }

  add(element: number): void {
    this.map[element] = 1;
    this.#link();
  }

  #link(): void {
    const { map, before, after } = this;
    this.count = 0;
    for (let i = 0, last = -1; i < map.length; i++) {
      before[i] = last;
      if (map[i] === 0) last = i;
      else this.count++;
    }
    for (let i = map.length - 1, last = -1; i >= 0; i--) {
      after[i] = last;
      if (map[i] === 0) last = i;
    }
  }
}

/** Marks in `bad` the elements that stand out of their neighbours in calibration lines. */
export function badByCalibration(air: Level, dark: Level, limits: BadPixelLimits, bad: Uint8Array): void {
  const gains = localMedian(air.mean);
  const noises = localMedian(air.deviation);
  const darks = localMedian(dark.mean);
  const darkNoises = localMedian(dark.deviation);
  for (let i = 0; i < bad.length; i++) {
    const gain = (air.mean[i] as number) / (gains[i] as number);
    const noise = air.deviation[i] as number;
    const wrong =
      !(gain >= limits.badGain && gain <= 1 / limits.badGain) ||
      noise > (noises[i] as number) * limits.badNoise + 1e-3 * Math.abs(gains[i] as number) ||
      // An element that says the same each time, where all others have noise, measures nothing.
      (dark.deviation[i] === 0 && (darkNoises[i] as number) > 0) ||
      (dark.mean[i] as number) - (darks[i] as number) > limits.badDarkAdu;
    if (wrong) bad[i] = 1;
  }
}

/** Median of every element and its neighbours. */
function localMedian(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const window = values.slice(Math.max(0, i - reach), i + reach + 1).sort();
    out[i] = window[window.length >> 1] as number;
  }
  return out;
}
