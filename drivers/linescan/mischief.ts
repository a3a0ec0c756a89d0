import type { RawLine } from '#flows/scan';

/** Lines of the object that it can go back over. */
const remembered = 1200;
/** Lines over which the dose goes down by a tenth. */
const driftLines = 200;
const driftShare = 0.1;
/** Lines in which a dying element loses most of its gain. */
const dyingLines = 30;

/** What happens to object and scanner, told as the lines that are then measured. */
export interface Trouble {
  readonly stop: boolean;
  readonly reverse: boolean;
  readonly doseDrift: boolean;
  readonly dyingDetector: boolean;
}

/**
 * The lines that a scanner would measure if the object stood or went back, an element died or the dose fell: made
 * of lines that it did measure, with times and numbers that go on.
 */
export class Mischief<L extends RawLine> {
  readonly #trouble: Trouble;
  readonly #random: () => number;
  #scan: L[] = [];
  /** Line of `#scan` that is in the beam; behind the last: the source goes on. */
  #at = 0;
  #dark: { readonly sum: Float64Array; lines: number } | undefined;
  #drift = 0;
  #dying: { readonly element: number; lines: number } | undefined;
  #extraLines = 0;
  #extraNs = 0n;
  #stepNs = 2_500_000n;
  #lastNs: bigint | undefined;
  #lastLine = -1;

  constructor(trouble: Trouble, random: () => number) {
    this.#trouble = trouble;
    this.#random = random;
  }

  /** Time to the next line, ms. */
  get stepMs(): number {
    return Number(this.#stepNs) / 1e6;
  }

  /** A line of the source as it is measured. */
  next(line: L): L {
    if (line.line === 0 || line.samples.length !== this.#scan[0]?.samples.length) this.#scan = [];
    if (this.#lastNs !== undefined && line.timeNs > this.#lastNs && line.line > this.#lastLine)
      this.#stepNs = (line.timeNs - this.#lastNs) / BigInt(line.line - this.#lastLine);
    if (line.line === 0) this.#extraLines = 0;
    this.#lastNs = line.timeNs;
    this.#lastLine = line.line;
    if (line.beam === 'dark') this.#learn(line);
    if (line.beam === 'object') {
      this.#scan.push(line);
      if (this.#scan.length > 2 * remembered) this.#scan.splice(0, remembered);
    }
    this.#at = this.#scan.length;
    return this.#measured(line, line.encoderUm, line.speedMps);
  }

  /** A line that comes before the source may go on, if one does. */
  instead(): L | undefined {
    const { stop, reverse } = this.#trouble;
    const length = this.#scan.length;
    if (length < 2 || (!stop && !reverse && this.#at >= length)) return undefined;
    if (!stop) this.#at = Math.max(1, Math.min(length, this.#at + (reverse ? -1 : 1)));
    if (this.#at >= length && !stop) return undefined;
    this.#extraLines++;
    this.#extraNs += this.#stepNs;
    const standing = stop || (reverse && this.#at === 1);
    // Energies go on alternating while the object stands.
    const back = standing && this.#extraLines % 2 === 1 ? 2 : 1;
    const line = this.#scan[Math.max(0, Math.min(length, this.#at + 1) - back)] as L;
    const place = this.#scan[Math.min(length - 1, this.#at)] as L;
    const speed = standing ? 0 : reverse ? -line.speedMps : line.speedMps;
    return this.#measured(line, standing ? place.encoderUm : line.encoderUm, speed);
  }

  #learn({ samples }: L): void {
    if (this.#dark?.sum.length !== samples.length)
      this.#dark = { sum: new Float64Array(samples.length), lines: 0 };
    const { sum } = this.#dark;
    this.#dark.lines++;
    for (let i = 0; i < samples.length; i++) sum[i] = (sum[i] as number) + (samples[i] as number);
  }

  #measured(line: L, encoderUm: number, speedMps: number): L {
    const drifting = this.#trouble.doseDrift && line.beam !== 'dark';
    this.#drift = Math.max(0, Math.min(1, this.#drift + (drifting ? 1 : -1) / driftLines));
    const dose = line.beam === 'dark' ? 1 : 1 - driftShare * this.#drift;
    if (!this.#trouble.dyingDetector) this.#dying = undefined;
    else this.#dying ??= { element: Math.floor(this.#random() * line.samples.length), lines: 0 };
    return {
      ...line,
      samples: this.#readings(line.samples, dose),
      doseRef: line.doseRef * dose,
      encoderUm,
      speedMps,
      timeNs: (this.#lastNs ?? 0n) + this.#extraNs,
      line: this.#lastLine + this.#extraLines,
    };
  }

  #readings(samples: Uint16Array, dose: number): Uint16Array {
    if (dose === 1 && !this.#dying) return samples;
    const dark = this.#dark;
    const darkOf = (element: number) => (dark ? (dark.sum[element] as number) / dark.lines : 0);
    const weakened = (element: number, share: number) =>
      Math.max(0, Math.round(darkOf(element) + ((samples[element] as number) - darkOf(element)) * share));
    const out = dose === 1 ? samples.slice() : samples.map((_, element) => weakened(element, dose));
    if (this.#dying) {
      const { element } = this.#dying;
      out[element] = weakened(element, dose * Math.exp(-this.#dying.lines / dyingLines));
      this.#dying.lines++;
    }
    return out;
  }
}
