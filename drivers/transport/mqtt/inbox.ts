import { crc32 } from 'node:zlib';
import type { DeliveryMemory } from '../../driver.ts';

/**
 * What a persistent MQTT session delivered at QoS 1 and was not acknowledged yet. Identifiers are
 * acknowledged in the order in which they came (MQTT-4.6.0-2). After a reconnect the broker repeats what it
 * had no acknowledgement for, though we may hold it already, or have committed it: a repetition is known by
 * its DUP flag, identifier and payload, and is acknowledged without being handed on twice. What a former process had
 * committed it knows by a digest of the payload.
 */
const taken = 1;
const done = 2;

export interface InboxOptions {
  /** Unacknowledged messages at which reading stops. */
  readonly inFlight: number;
  /** Payload bytes that are kept to recognise repetitions. */
  readonly retainBytes: number;
  /** Absent: what a former process committed is not known. */
  readonly memory?: DeliveryMemory;
}

export class Inbox {
  readonly #limit: number;
  readonly #retainBytes: number;
  readonly #mask: number;
  readonly #ids: Uint16Array;
  readonly #states: Uint8Array;
  /** Where a message went on when its delivery was repeated: number + 1. */
  readonly #aliases: Float64Array;
  readonly #payloads: (Buffer | undefined)[];
  /** Last number + 1 by identifier. */
  readonly #latest = new Float64Array(65_536);
  /** Numbers count up for ever: `#head` is the next to be acknowledged, `#tail` the next to be given. */
  #head = 0;
  #tail = 0;
  readonly #memory: DeliveryMemory | undefined;
  /** Digests of what a former process committed, by identifier, until the identifier is given anew. */
  readonly #committed: Map<number, number>;
  #retained = 0;
  #oldestRetained = 0;
  #wake: () => void = () => undefined;

  constructor(options: InboxOptions) {
    this.#limit = options.inFlight;
    this.#retainBytes = options.retainBytes;
    this.#memory = options.memory;
    this.#committed = new Map(options.memory?.committed());
    // A socket that is paused at the limit has read a chunk already: 64 KiB of the smallest messages.
    const size = 2 ** Math.ceil(Math.log2(options.inFlight + 16_384));
    this.#mask = size - 1;
    this.#ids = new Uint16Array(size);
    this.#states = new Uint8Array(size);
    this.#aliases = new Float64Array(size);
    this.#payloads = new Array<Buffer | undefined>(size).fill(undefined);
  }

  /** Delivered on this connection and not acknowledged. */
  get unacknowledged(): number {
    return this.#tail - this.#head;
  }

  get full(): boolean {
    return this.#tail - this.#head >= this.#limit;
  }

  /** A new connection; `resumed`: the broker kept the session. `wake` is called when `drain` may have work. */
  connected(resumed: boolean, wake: () => void): void {
    this.#wake = wake;
    this.#head = this.#tail;
    if (resumed) return;
    this.#latest.fill(0);
    this.#committed.clear();
    this.#memory?.forget();
  }

  /** The number of the message, or -1 for a repetition that is not to be handed on. */
  take(id: number, again: boolean, payload: Buffer): number {
    const number = this.#tail++;
    const slot = number & this.#mask;
    this.#forget(number - this.#mask - 1);
    const former = again ? this.#former(id, payload) : -1;
    this.#ids[slot] = id;
    this.#aliases[slot] = 0;
    this.#latest[id] = number + 1;
    this.#payloads[slot] = payload;
    this.#retained += payload.length;
    while (this.#retained > this.#retainBytes && this.#oldestRetained < number)
      this.#forget(this.#oldestRetained);
    if (former < 0) {
      const known = this.#committedBefore(id, again, payload);
      this.#states[slot] = known ? done : taken;
      return known ? -1 : number;
    }
    const formerSlot = former & this.#mask;
    this.#states[slot] = this.#states[formerSlot] as number;
    this.#aliases[formerSlot] = number + 1;
    return -1;
  }

  #committedBefore(id: number, again: boolean, payload: Buffer): boolean {
    if (this.#committed.size === 0) return false;
    if (!again) this.#committed.delete(id);
    return again && this.#committed.get(id) === crc32(payload);
  }

  /** A message that `take` has just given a number is handed on now. */
  handOn(number: number): void {
    const slot = number & this.#mask;
    const payload = this.#payloads[slot];
    if (payload) this.#memory?.note(this.#ids[slot] as number, crc32(payload));
  }

  /** The consequences of a message are on disk. */
  done(number: number): void {
    let current = number;
    while (current > this.#tail - this.#mask - 2) {
      const slot = current & this.#mask;
      this.#states[slot] = done;
      const alias = this.#aliases[slot] as number;
      if (alias === 0) break;
      current = alias - 1;
    }
    this.#wake();
  }

  /** Writes the identifiers whose turn it is. */
  drain(write: (id: number) => void): void {
    while (this.#head < this.#tail && this.#states[this.#head & this.#mask] === done) {
      write(this.#ids[this.#head & this.#mask] as number);
      this.#head++;
    }
  }

  #former(id: number, payload: Buffer): number {
    const former = (this.#latest[id] as number) - 1;
    if (former < 0 || former < this.#tail - this.#mask - 1) return -1;
    const kept = this.#payloads[former & this.#mask];
    return kept?.equals(payload) ? former : -1;
  }

  #forget(number: number): void {
    if (number < this.#oldestRetained) return;
    for (; this.#oldestRetained <= number; this.#oldestRetained++) {
      const slot = this.#oldestRetained & this.#mask;
      this.#retained -= this.#payloads[slot]?.length ?? 0;
      this.#payloads[slot] = undefined;
    }
  }
}
