import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { sha256Hex } from '#flows/trust/canonical';
import { readIfThere, replaceFile } from '../files.ts';

/** What the time can be, whatever the wall clock says, epoch ms. */
export interface TimeBounds {
  readonly earliest: number;
  readonly latest: number;
}

/** The time is written down so often at most, ms. */
const everyMs = 600_000;

/**
 * The last time that was known to be right, in the file `time` of the data folder, with a check: a machine whose clock has lost its
 * battery wakes up in 1970, or anywhere. It is at least that, and lies between the day on which the box's certificate was
 * made and the end of its hub's authority.
 */
export class KnownTime implements TimeBounds {
  readonly latest: number = Number.POSITIVE_INFINITY;
  readonly #file: string;
  /** What no clock can gainsay: the box's certificate is not from the future. */
  readonly #least: number = 0;
  #earliest = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** `hub`: certificates (PEM) of an enrolled box. */
  constructor(data: string, hub?: { readonly certificate: string; readonly authority: string }) {
    this.#file = join(data, 'time');
    if (hub) {
      this.#least = Date.parse(new X509Certificate(hub.certificate).validFrom);
      this.#earliest = this.#least;
      this.latest = Date.parse(new X509Certificate(hub.authority).validTo);
    }
    const stored = read(this.#file);
    if (stored > this.#earliest && stored < this.latest) this.#earliest = stored;
  }

  get earliest(): number {
    return this.#earliest;
  }

  /** Somebody who knows says that it is so late, epoch ms. */
  note(now: number): void {
    if (now < this.#least || now > this.latest) return;
    // Earlier than before, too: else a time that was wrong once would be held against the right one for ever.
    this.#earliest = now;
    if (Math.abs(now - this.#writtenAt) < everyMs) return;
    this.#writtenAt = now;
    try {
      replaceFile(this.#file, line(now));
    } catch {
      // a disk that fails is told elsewhere; the next time is soon
    }
  }
}

const line = (time: number): string => {
  const text = new Date(time).toISOString();
  return `${text} ${sha256Hex(text).slice(0, 16)}\n`;
};

/** NaN: there is no such file, or it is not what was written. */
function read(file: string): number {
  const text = readIfThere(file);
  const time = Date.parse(text?.split(' ')[0] ?? '');
  return Number.isFinite(time) && text === line(time) ? time : Number.NaN;
}
