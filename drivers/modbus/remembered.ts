import { createHash } from 'node:crypto';
import type { DeliveryMemory } from '../driver.ts';

/** Of one block: the device's count of its results, or the raw value of its reading of that place. */
export type Remembered = 'sequence' | number;

const idOf = (block: number, what: Remembered) => (block << 8) | (what === 'sequence' ? 0 : what + 1);
/** Under it: of which device and profile all this is. */
const aboutId = 0xffff;
const most = 2 ** 32 - 1;

/**
 * What of a device's registers was committed last, kept where identifiers of deliveries are: the next process neither takes the
 * same result again nor loses what a totaliser counted while nobody asked. Whole numbers below 2^32 only; others are not kept.
 */
export class CommittedRegisters {
  readonly #memory: DeliveryMemory | undefined;
  readonly #last: ReadonlyMap<number, number>;
  readonly #about: number;
  #said = false;

  /** `about`: device and profile; of others nothing is known here. */
  constructor(memory: DeliveryMemory | undefined, about: unknown) {
    this.#memory = memory;
    this.#about = createHash('sha256').update(JSON.stringify(about)).digest().readUInt32LE(0);
    const last = new Map(memory?.committed());
    const same = last.get(aboutId) === this.#about;
    if (!same && last.size > 0) memory?.forget();
    this.#last = same ? last : new Map();
  }

  last(block: number, what: Remembered): number | undefined {
    return this.#last.get(idOf(block, what));
  }

  /** With what is handed on next, in the same turn. */
  note(block: number, what: Remembered, raw: number): void {
    if (!Number.isInteger(raw) || raw < 0 || raw > most) return;
    if (!this.#said) this.#memory?.note(aboutId, this.#about);
    this.#said = true;
    this.#memory?.note(idOf(block, what), raw);
  }
}
