/** Lines after which the mean forgets at the same rate: an EWMA of 1/256. */
const windowLines = 256;
/** Of what was known before, as many lines count when a new run of calibration lines begins. */
const keptLines = 1;
/** A run is over when no line of it came for so long, ns. */
const runNs = 1_000_000_000n;

/** Mean and mean absolute deviation of every detector element over calibration lines, following slow drift. */
export class Level {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  #weight = 0;
  /** Lines since the beginning. */
  lines = 0;
  lastNs = 0n;

  constructor(elements: number) {
    this.mean = new Float64Array(elements);
    this.deviation = new Float64Array(elements);
  }

  /** Takes `(samples - offset) * scale` of a line. */
  add(samples: Uint16Array, offset: Float64Array | undefined, scale: number, timeNs: bigint): void {
    const { mean, deviation } = this;
    if (timeNs - this.lastNs > runNs || timeNs < this.lastNs)
      this.#weight = Math.min(this.#weight, keptLines);
    this.lastNs = timeNs;
    this.lines++;
    this.#weight = Math.min(this.#weight + 1, windowLines);
    const share = 1 / this.#weight;
    for (let i = 0; i < mean.length; i++) {
      const value = ((samples[i] as number) - (offset ? (offset[i] as number) : 0)) * scale;
      const off = value - (mean[i] as number);
      mean[i] = (mean[i] as number) + off * share;
      deviation[i] = (deviation[i] as number) + (Math.abs(off) - (deviation[i] as number)) * share;
    }
  }
}
