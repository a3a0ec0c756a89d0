import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** How far an input was consumed: lines with their line ends, and a hash of them. */
export interface Consumed {
  readonly bytes: number;
  readonly lines: number;
  /** SHA-256 over the lines, each hashed together with the hash before it; hex. */
  readonly sha256: string;
  /** The same after the first line: a cheap sign that another input begins differently. */
  readonly first: string;
}

/** Counts and hashes lines as they are consumed; can be saved at any line and gone on with. */
export class Chain {
  #bytes: number;
  #lines: number;
  #hash: Uint8Array;
  #first: Uint8Array;

  constructor(from: Consumed = nothing) {
    this.#bytes = from.bytes;
    this.#lines = from.lines;
    this.#hash = hexToBytes(from.sha256);
    this.#first = hexToBytes(from.first);
  }

  add(line: string): void {
    const text = utf8ToBytes(`${line}\n`);
    this.#hash = sha256.create().update(this.#hash).update(text).digest();
    if (this.#lines === 0) this.#first = this.#hash;
    this.#bytes += text.length;
    this.#lines++;
  }

  get consumed(): Consumed {
    const [sha, first] = [bytesToHex(this.#hash), bytesToHex(this.#first)];
    return { bytes: this.#bytes, lines: this.#lines, sha256: sha, first };
  }
}

const empty = '00'.repeat(32);
export const nothing: Consumed = { bytes: 0, lines: 0, sha256: empty, first: empty };

/** What a run has read: since its start, and of the input that it read last. */
export interface Progress {
  readonly total: Consumed;
  readonly current: Consumed;
}

export interface Resumed {
  readonly progress: Progress;
  /** Lines that were read to find out, and are still to be run. */
  readonly pending: readonly string[];
}

/**
 * Finds where to go on in an input: after what was consumed when it begins with that (all of it, or the
 * input that was read last), else at its start, as a continuation. Reads no further than needed.
 */
export async function resumeAt(
  lines: AsyncIterator<string> | Iterator<string>,
  saved: Progress,
): Promise<Resumed> {
  const candidates = [saved.total, saved.current].filter(({ lines: count }) => count > 0);
  const longest = Math.max(0, ...candidates.map((candidate) => candidate.lines));
  const read: string[] = [];
  let best: Consumed | undefined;
  const chain = new Chain();
  while (read.length < longest) {
    const next = await lines.next();
    if (next.done) break;
    read.push(next.value);
    chain.add(next.value);
    const here = chain.consumed;
    if (candidates.some(({ lines: count, sha256: hash }) => count === here.lines && hash === here.sha256))
      best = here;
    if (!candidates.some(({ lines: count, first }) => count > here.lines && first === here.first)) break;
  }
  if (best === undefined) return { progress: { total: saved.total, current: nothing }, pending: read };
  return { progress: { total: saved.total, current: best }, pending: read.slice(best.lines) };
}
