import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FetchWindow } from '#firmware-config/fetch-window';
import type { BundleFetch, BundlePiece } from '#flows/bundle-wire';
import { maxPieceBytes } from '#flows/bundle-wire';
import { faults } from '../faults.ts';

export interface BundleFetcherOptions {
  /** Asks the hub for a range; false when there is no link. */
  readonly ask: (range: Omit<BundleFetch, 'kind' | 'box'>) => boolean;
  readonly monotonic: () => number;
}

/** A file that is wanted; `sha256` where it is known beforehand. */
export interface WantedFile {
  readonly id: string;
  readonly version: string;
  readonly file: string;
  readonly sha256?: string;
}

/** Without a piece for so long the range is asked for again, ms. */
const silentMs = 10_000;
/** Between two looks whether there is a link again, ms. */
const linkMs = 500;
/** What a break has left may be damaged: then the file is fetched once more from its beginning. */
const tries = 2;

const sizeOf = (at: string): Promise<number> =>
  stat(at).then(
    ({ size }) => size,
    () => 0,
  );
const hashOf = async (at: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(at))
    .digest('hex');

/**
 * Fetches files of bundles from the hub, one range after the other, so that nothing that is urgent waits behind
 * more than about a second of them. The unfinished file is all that is needed to go on after any break.
 */
export class BundleFetcher {
  readonly #options: BundleFetcherOptions;
  readonly #window = new FetchWindow();
  #waiting: ((piece: BundlePiece) => void) | undefined;

  constructor(options: BundleFetcherOptions) {
    this.#options = options;
  }

  /** What came from the hub. */
  take(piece: BundlePiece): void {
    this.#waiting?.(piece);
  }

  /**
   * Puts the file at `folder`. Throws `bundle.unavailable` where the hub has none and `bundle.damaged` for one that is not
   * what was wanted; rejects with the signal's reason when it is aborted.
   */
  async fetch(
    wanted: WantedFile,
    folder: string,
    signal: AbortSignal,
    onGrowth: (bytes: number, of: number) => void,
  ): Promise<string> {
    const at = join(folder, wanted.file);
    await mkdir(dirname(at), { recursive: true, mode: 0o700 });
    // Without a hash nothing is known of what is there.
    if (wanted.sha256 === undefined) await rm(at, { force: true });
    for (let trial = 1; ; trial++) {
      if (wanted.sha256 !== undefined && (await sizeOf(at)) > 0 && (await hashOf(at)) === wanted.sha256)
        return at;
      await this.#rest(wanted, at, signal, onGrowth);
      if (wanted.sha256 === undefined || (await hashOf(at)) === wanted.sha256) return at;
      await rm(at, { force: true });
      const { id, version, file } = wanted;
      if (trial >= tries) throw faults.fault('bundle.damaged', { id, version, file });
    }
  }

  /** What is not there yet. */
  async #rest(
    { id, version, file }: WantedFile,
    at: string,
    signal: AbortSignal,
    onGrowth: (bytes: number, of: number) => void,
  ): Promise<void> {
    for (;;) {
      const offset = await sizeOf(at);
      const length = Math.min(maxPieceBytes, this.#window.bytes);
      const piece = await this.#piece({ id, version, file, offset, length }, signal);
      if (piece.missing !== undefined)
        throw faults.fault('bundle.unavailable', { id, version, file, detail: piece.missing });
      const body = Buffer.from(piece.data, 'base64');
      // Longer than the hub's: it is another file's beginning.
      if (offset > piece.bytes) await rm(at, { force: true });
      else await appendFile(at, body, { mode: 0o600 });
      onGrowth(offset + body.length, piece.bytes);
      if (offset + body.length === piece.bytes) return;
    }
  }

  /** One range: asked for again while nothing comes. */
  async #piece(range: Omit<BundleFetch, 'kind' | 'box'>, signal: AbortSignal): Promise<BundlePiece> {
    const { ask, monotonic } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const askedAt = monotonic();
      const answer = this.#answer(range, signal);
      const sent = ask(range);
      const piece = await answer.within(sent ? silentMs : linkMs);
      if (piece) {
        this.#window.answered(monotonic() - askedAt);
        return piece;
      }
      if (sent) this.#window.narrow();
    }
  }

  /** Listens for the answer to one range. */
  #answer({ id, version, file, offset }: Omit<BundleFetch, 'kind' | 'box'>, signal: AbortSignal) {
    let arrived: (piece: BundlePiece | undefined) => void = () => undefined;
    const piece = new Promise<BundlePiece | undefined>((resolve) => {
      arrived = resolve;
    });
    this.#waiting = (come) => {
      const isIt = come.id === id && come.version === version && come.file === file && come.offset === offset;
      if (isIt) arrived(come);
    };
    return {
      within: async (ms: number): Promise<BundlePiece | undefined> => {
        const giveUp = () => arrived(undefined);
        const timer = setTimeout(giveUp, ms);
        signal.addEventListener('abort', giveUp, { once: true });
        const come = await piece;
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#waiting = undefined;
        return come;
      },
    };
  }
}
