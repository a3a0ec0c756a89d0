import { type DemoLot, demoLots, happens, lotT } from './script.ts';

/** A tonne of ore on the belt: where it lies, and what is in it. */
export interface Tonne {
  readonly index: number;
  readonly lot: DemoLot;
  /** Tonnes of its lot in front of it. */
  readonly inLot: number;
  readonly atM: number;
}

/** Tonnes and metres a second, and metres of belt that a tonne lies on. */
export const flowTps = 1;
export const beltMps = 2;
const metresPerTonne = beltMps / flowTps;
export const loadKgPerM = 1000 / metresPerTonne;
/** How long the belt stands at an incident of that kind, s. */
const standsSeconds = 20;

/** The demo's belt by the second: how far it has gone, and which ore lies where. */
export class DemoBelt {
  #metres = 0;
  #standsLeft = 0;
  #stoodAt = -1;

  get stands(): boolean {
    return this.#standsLeft > 0;
  }

  /** Tonnes that have gone over the scale. */
  get tonnes(): number {
    return this.#metres / metresPerTonne;
  }

  step(seconds: number): void {
    const now = this.tonneAt(0);
    if (happens(now.lot, 'stop', now.inLot) && this.#stoodAt !== now.index) {
      this.#stoodAt = now.index;
      this.#standsLeft = standsSeconds;
    }
    if (this.#standsLeft > 0) this.#standsLeft -= seconds;
    else this.#metres += beltMps * seconds;
  }

  /** The tonne that lies below whatever stands so far behind the scale. */
  tonneAt(offsetM: number): Tonne {
    const index = Math.max(0, Math.floor((this.#metres - offsetM) / metresPerTonne));
    return tonneOf(index);
  }
}

export function tonneOf(index: number): Tonne {
  const lot = demoLots[Math.floor(index / lotT) % demoLots.length] as DemoLot;
  return { index, lot, inLot: index % lotT, atM: index * metresPerTonne };
}
