import type { Codec, Framed } from '#drivers/driver';
import { faults } from '#drivers/faults';
import { identify, type Stamp } from '#drivers/stamp';
import type { Message } from '#flows/message';
import type { Complaints } from './complaints.ts';

/** Frames to lines of messages, and problems to complaints. */
export class Decoding {
  readonly #codec: Codec;
  readonly #stamp: Stamp;
  readonly #complaints: Complaints;
  #state: unknown;
  #text = '';

  constructor(codec: Codec, stamp: Stamp, complaints: Complaints) {
    this.#codec = codec;
    this.#stamp = stamp;
    this.#complaints = complaints;
    this.#state = codec.initial();
  }

  get pending(): number {
    return this.#text.length;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  frames(framed: readonly Framed<unknown>[], place: string): void {
    for (const item of framed) {
      const decoded = 'problem' in item ? item : this.#decode(item.frame);
      if ('problem' in decoded) {
        this.#complaints.add(place, decoded.problem);
        continue;
      }
      for (const part of decoded.parts) {
        // No clock: what belongs together is told by the bytes alone, so the same bytes give the same messages.
        const [state, messages] = this.#codec.assemble(this.#state, part, 0);
        this.#state = state;
        this.#add(messages);
      }
    }
    // What a part had wrong with it is told where it stands; what waits for more waits.
    const due = this.#codec.deadline(this.#state);
    if (due === undefined || due > 0) return;
    const [state, messages, problems] = this.#codec.expire(this.#state, 0);
    this.#state = state;
    this.#add(messages);
    for (const problem of problems) this.#complaints.add(place, problem);
  }

  end(): void {
    const [state, messages, problems] = this.#codec.expire(this.#state, Number.POSITIVE_INFINITY);
    this.#state = state;
    this.#add(messages);
    for (const problem of problems) this.#complaints.add('end', problem);
  }

  #decode(frame: unknown) {
    try {
      return this.#codec.decode(frame);
    } catch (error) {
      return {
        problem: faults.problem('driver.threw', { detail: error instanceof Error ? error.message : '?' }),
      };
    }
  }

  #add(messages: readonly Message[]): void {
    for (const message of messages) this.#text += `${JSON.stringify(identify(this.#stamp, message))}\n`;
  }
}
