import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '#flows/message';

/** What a simulated device is given to say: messages to be put on the wire, or bytes as they are. */
export type Source = AsyncIterable<Message | Uint8Array>;

/** A simulated device on a real wire. It is called simulated wherever it is shown. */
export interface Simulator {
  /** What a driver's config needs to reach it: `path`, `connect` or `url` and `topic`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Settles when the source has ended and all of it was sent. */
  readonly done: Promise<void>;
  /** Switches a fault; throws RangeError for a name that is not among `faults`. */
  fault(name: string, on: boolean): void;
  stop(): Promise<void>;
}

/** Which faults are on. */
export class Switches<F extends string> {
  readonly #names: readonly F[];
  readonly #on = new Set<F>();
  readonly #changed: (name: F, on: boolean) => void;

  constructor(names: readonly F[], changed: (name: F, on: boolean) => void = () => undefined) {
    this.#names = names;
    this.#changed = changed;
  }

  has(name: F): boolean {
    return this.#on.has(name);
  }

  set(name: string, on: boolean): void {
    const known = this.#names.find((candidate) => candidate === name);
    if (known === undefined) throw new RangeError(`There is no fault ${name}: ${this.#names.join(', ')}.`);
    if (on === this.#on.has(known)) return;
    if (on) this.#on.add(known);
    else this.#on.delete(known);
    this.#changed(known, on);
  }
}

/** Runs a source to its end or until it is stopped, one item after the other. */
export function consume(
  source: Source,
  signal: AbortSignal,
  each: (item: Message | Uint8Array) => void | Promise<void>,
): Promise<void> {
  return (async () => {
    for await (const item of source) {
      if (signal.aborted) return;
      await each(item);
    }
  })();
}

const lookMs = 20;

/** Settles when nothing waits to be sent any more, or the signal is aborted. */
export async function drained(waiting: () => number, signal: AbortSignal): Promise<void> {
  while (waiting() > 0 && !signal.aborted) await sleep(lookMs, undefined, { signal }).catch(() => undefined);
}
