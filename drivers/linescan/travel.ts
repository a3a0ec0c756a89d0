import type { RawLine } from '#flows/scan';

/** No object goes through a scanner faster, m/s: what the encoder says beyond it is no travel. */
const fastestMps = 10;
const slackMm = 20;
/** Speed that a standing encoder contradicts, m/s, and for how long it may, s. */
const movingMps = 0.05;
const frozenAfterSeconds = 0.25;

/**
 * Where the object is along its travel. The direction in which it first moves a whole pixel is forwards; from
 * there on columns are placed by position, so that standing and going back draw nothing twice.
 */
export class Travel {
  readonly #pixelMm: number;
  #last: { readonly encoderUm: number; readonly timeNs: bigint } | undefined;
  /** In the encoder's own direction, mm. */
  #raw = 0;
  #forwards = 0;
  #standingSeconds = 0;

  constructor(pixelMm: number) {
    this.#pixelMm = pixelMm;
  }

  /** The encoder stands although the scanner says that the object moves: its speed is believed. */
  get frozen(): boolean {
    return this.#standingSeconds > frozenAfterSeconds;
  }

  /** Position of the object, mm from the first line; less than before when it went back. */
  at(line: RawLine): number {
    const last = this.#last ?? line;
    this.#last = line;
    const seconds = Math.max(0, Number(line.timeNs - last.timeNs) / 1e9);
    this.#raw += this.#stepMm(last.encoderUm, line, seconds);
    if (this.#forwards === 0) {
      if (Math.abs(this.#raw) < this.#pixelMm) return 0;
      this.#forwards = Math.sign(this.#raw);
    }
    return this.#raw * this.#forwards;
  }

  #stepMm(fromUm: number, line: RawLine, seconds: number): number {
    const step = ((line.encoderUm - fromUm) | 0) / 1000; // the counter has 32 bits and goes round
    const bySpeed = (this.#forwards || 1) * Math.abs(line.speedMps) * seconds * 1000;
    if (Math.abs(step) > fastestMps * seconds * 1000 + slackMm) return bySpeed;
    if (step !== 0 || Math.abs(line.speedMps) < movingMps) this.#standingSeconds = 0;
    else this.#standingSeconds += seconds;
    return this.frozen ? bySpeed : step;
  }
}
