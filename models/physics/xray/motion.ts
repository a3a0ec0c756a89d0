import type { Random } from './random.ts';

/** What the truck does beside rolling on, at a place along it, mm from its nose. */
export type Halt =
  | { readonly kind: 'stop'; readonly atMm: number; readonly seconds: number }
  | { readonly kind: 'reverse'; readonly atMm: number; readonly backMm: number };

/** How the truck moves: which part of it is in the beam, pulse by pulse. */
export class Motion {
  readonly #halts: Halt[];
  readonly #stepMm: number;
  readonly #pulsesPerSecond: number;
  readonly #swingPulses: number;
  readonly #phase: number;
  #pulse = 0;
  #x: number;
  #standing = 0;
  #back = 0;

  /** Starts at `fromMm`; `halts` come in order. The speed swings by 5 % as a driver's foot does. */
  constructor(
    fromMm: number,
    speedMps: number,
    pulsesPerSecond: number,
    halts: readonly Halt[],
    random: Random,
  ) {
    this.#x = fromMm;
    this.#stepMm = (speedMps * 1000) / pulsesPerSecond;
    this.#pulsesPerSecond = pulsesPerSecond;
    this.#halts = [...halts].sort((a, b) => a.atMm - b.atMm);
    this.#swingPulses = pulsesPerSecond * random.between(4, 9);
    this.#phase = random.between(0, 2 * Math.PI);
  }

  /** Place in the beam, mm. */
  get xMm(): number {
    return this.#x;
  }

  /** To the next pulse; tells the speed on the way, m/s, negative backwards. */
  next(): number {
    this.#pulse++;
    const step = this.#step();
    this.#x += step;
    return (step * this.#pulsesPerSecond) / 1000;
  }

  #step(): number {
    const swing = 1 + 0.05 * Math.sin((2 * Math.PI * this.#pulse) / this.#swingPulses + this.#phase);
    const step = this.#stepMm * swing;
    if (this.#standing > 0) {
      this.#standing--;
      return 0;
    }
    if (this.#back > 0) {
      const back = Math.min(step, this.#back);
      this.#back -= back;
      return -back;
    }
    const halt = this.#halts[0];
    if (halt && this.#x >= halt.atMm) {
      this.#halts.shift();
      if (halt.kind === 'stop') this.#standing = Math.round(halt.seconds * this.#pulsesPerSecond);
      else this.#back = halt.backMm;
      return 0;
    }
    return step;
  }
}
