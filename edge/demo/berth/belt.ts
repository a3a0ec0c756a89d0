import type { KeptBelt } from './kept-belt.ts';
import { type DemoLot, happens, type Script } from './script.ts';

/** A tonne of ore on the belt: where it lies, and what is in it. */
export interface Tonne {
  readonly index: number;
  readonly lot: DemoLot;
  /** Tonnes of its lot in front of it. */
  readonly inLot: number;
}

/** Tonnes and metres a second, and metres of belt that a tonne lies on. */
export const flowTps = 1;
export const beltMps = 2;
const metresPerTonne = beltMps / flowTps;
export const loadKgPerM = 1000 / metresPerTonne;
/** How long the belt stands at an incident of that kind, s. */
const standsSeconds = 20;

/** The demo's belt by the second: how far it has gone, and which ore lies where. It runs empty until it is fed; one that had ore on it stands until then. */
export class DemoBelt {
  readonly #script: Script;
  #metres: number;
  #fedM: number | undefined;
  #waits: boolean;
  #standsLeft = 0;
  #stoodAt = -1;

  constructor(script: Script, { metres, fedM }: Pick<KeptBelt, 'metres' | 'fedM'> = { metres: 0 }) {
    this.#script = script;
    this.#metres = metres;
    this.#fedM = fedM;
    this.#waits = fedM !== undefined;
  }

  /** What another life of it begins with. */
  get kept(): Pick<KeptBelt, 'metres' | 'fedM'> {
    return { metres: this.#metres, ...(this.#fedM === undefined ? {} : { fedM: this.#fedM }) };
  }

  get stands(): boolean {
    return this.#waits || this.#standsLeft > 0;
  }

  /** Ore comes to the scale from now on, or goes on. */
  feed(): void {
    this.#fedM ??= this.#metres;
    this.#waits = false;
  }

  get fed(): boolean {
    return this.#fedM !== undefined;
  }

  /** Tonnes that have gone over the scale. */
  get tonnes(): number {
    return (this.#metres - (this.#fedM ?? this.#metres)) / metresPerTonne;
  }

  step(seconds: number): void {
    if (this.#waits) return;
    const now = this.tonneAt(0);
    if (now && happens(now.lot, 'stop', now.inLot) && this.#stoodAt !== now.index) {
      this.#stoodAt = now.index;
      this.#standsLeft = standsSeconds;
    }
    if (this.#standsLeft > 0) this.#standsLeft -= seconds;
    else this.#metres += beltMps * seconds;
  }

  /** The tonne that lies below whatever stands so far behind the scale; undefined where the belt is bare. */
  tonneAt(offsetM: number): Tonne | undefined {
    const index = Math.floor((this.#metres - offsetM - (this.#fedM ?? Infinity)) / metresPerTonne);
    return index < 0 ? undefined : this.tonneOf(index);
  }

  /** The lot of a number, counted from the first; the script begins again after its last. */
  lot(number: number): DemoLot {
    const { lots } = this.#script;
    return lots[number % lots.length] as DemoLot;
  }

  tonneOf(index: number): Tonne {
    const { lotT } = this.#script;
    return { index, lot: this.lot(Math.floor(index / lotT)), inLot: index % lotT };
  }
}
