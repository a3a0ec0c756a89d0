import { createHash } from 'node:crypto';
import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Attempts } from './attempts.ts';

/** What is smaller, such as a piece of a bundle, takes at most some tens of megabytes to be read, and costs no note on disk, bytes. */
const leastBytes = 2_000_000;

/**
 * Guards the reading of what the hub sends: a document at which the box ended again and again while it read it is not read any
 * more. What is read counts as such until its release is checked, or is found to be none.
 */
export class Reading {
  readonly #attempts: Attempts;
  readonly #maxCrashes: number;
  #open = false;

  constructor(attempts: Attempts, maxCrashes: number) {
    this.#attempts = attempts;
    this.#maxCrashes = maxCrashes;
  }

  /** A payload is going to be read. Why it is not to be; undefined: it may be. */
  begin(payload: Uint8Array): Problem | undefined {
    if (payload.length < leastBytes) return undefined;
    const deaths = this.#attempts.begin(createHash('sha256').update(payload).digest('hex'));
    this.#open = this.#maxCrashes === 0 || deaths < this.#maxCrashes;
    if (this.#open) return undefined;
    this.#attempts.rest(); // and not forgotten: the hub may send it again
    return faults.problem('release.unreadable', { bytes: payload.length });
  }

  /** What was being read, if anything, was read, and the box is still there. */
  end(): void {
    if (this.#open) this.#attempts.end();
    this.#open = false;
  }
}
