import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere, replaceFile } from '../files.ts';

/** What the time can be, whatever the wall clock says, epoch ms. */
export interface TimeBounds {
  readonly earliest: number;
  readonly latest: number;
}

/** The time is written down so often at most, ms. */
const everyMs = 600_000;

/**
 * The last time that was known to be right, in the file `time` of the data folder: a machine whose clock has lost its
 * battery wakes up in 1970, or anywhere. It is at least that, and lies between the day on which the box's certificate was
 * made and the end of its hub's authority.
 */
export class KnownTime implements TimeBounds {
  readonly latest: number = Number.POSITIVE_INFINITY;
  readonly #file: string;
  #earliest = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** `hub`: certificates (PEM) of an enrolled box. */
  constructor(data: string, hub?: { readonly certificate: string; readonly authority: string }) {
    this.#file = join(data, 'time');
    if (hub) {
      this.#earliest = Date.parse(new X509Certificate(hub.certificate).validFrom);
      this.latest = Date.parse(new X509Certificate(hub.authority).validTo);
    }
    const stored = Date.parse(readIfThere(this.#file)?.trim() ?? '');
    if (stored > this.#earliest && stored < this.latest) this.#earliest = stored;
  }

  get earliest(): number {
    return this.#earliest;
  }

  /** Somebody who knows says that it is so late, epoch ms. */
  note(now: number): void {
    if (now > this.latest) return;
    this.#earliest = Math.max(this.#earliest, now);
    if (now - this.#writtenAt < everyMs) return;
    this.#writtenAt = now;
    try {
      replaceFile(this.#file, `${new Date(now).toISOString()}\n`);
    } catch {
      // a disk that fails is told elsewhere; the next time is soon
    }
  }
}
