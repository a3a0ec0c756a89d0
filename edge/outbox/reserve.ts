import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../files.ts';

export interface ReserveOptions {
  /** File that takes the room. */
  readonly file: string;
  readonly bytes: number;
  /** Free space of the disk below which the box takes no more of it, and above which it does again, bytes. */
  readonly stopFreeBytes: number;
  readonly resumeFreeBytes: number;
  /** Free bytes of the disk; absent: as the system says. */
  readonly free?: () => number;
}

const pieceBytes = 1 << 20;

/** Free space of the disk that a folder is on, for this user, bytes. */
function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * Room on the disk that nobody else can take: a file of real blocks, made at the first start. When others have filled
 * the disk it is given up, so that what may not be dropped can still be written, and taken again when there is room.
 */
export class Reserve {
  readonly #options: ReserveOptions;
  #low = false;
  #bytes: number;

  constructor(options: ReserveOptions) {
    this.#options = options;
    const { file, bytes } = options;
    this.#bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    // At the first start all of it at once; later piece by piece, so that nothing waits for it.
    for (let before = -1; before < this.#bytes && this.#bytes < bytes; ) {
      before = this.#bytes;
      this.look();
    }
    try {
      syncFolder(dirname(file));
    } catch {
      // a disk that fails just now: the first group tells, and a box that is not there would not
    }
  }

  /** Whether the disk is nearly full: below the one mark, and not above the other again yet. */
  get low(): boolean {
    return this.#low;
  }

  /** Bytes that are set aside. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Looks how full the disk is, and takes a piece of the reserve where there is room for it. */
  look(): void {
    const { file, bytes, stopFreeBytes, resumeFreeBytes } = this.#options;
    const free = this.#options.free?.() ?? freeBytes(dirname(file));
    if (free < stopFreeBytes) this.#low = true;
    else if (free >= resumeFreeBytes) this.#low = false;
    const missing = bytes - this.#bytes;
    if (missing > 0 && !this.#low && free >= resumeFreeBytes + missing)
      this.#take(Math.min(pieceBytes, missing));
  }

  #take(bytes: number): void {
    const { file } = this.#options;
    try {
      const handle = openSync(file, 'a', 0o600);
      try {
        // Noise: some file systems keep no blocks for zeros.
        for (let written = 0; written < bytes; ) written += writeSync(handle, randomBytes(bytes - written));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      this.#bytes += bytes;
    } catch {
      this.release(); // there was less room than it seemed: another time
    }
  }

  /** Gives the room back for what must be written now. False: there is none left to give. */
  release(): boolean {
    this.#low = true;
    if (this.#bytes === 0) return false;
    rmSync(this.#options.file, { force: true });
    this.#bytes = 0;
    return true;
  }
}

/** No room, as SQLite says it of its database and of its shared memory, and as the system does of a plain file. */
const fullCodes: readonly unknown[] = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC'];

const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && fullCodes.includes(error.code)) || (error.cause !== undefined && isFull(error.cause)));

/** What must be written: when others have filled the disk, now is what the reserve was for. */
export function withRoom<T>(reserve: Reserve | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isFull(error) || !reserve?.release()) throw error;
    return work();
  }
}
