import { createHash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../files.ts';

/** One append, as its journal has it: columns and the SHA-256 (hex) of their bytes. */
export interface Strip {
  readonly column0: number;
  readonly columns: number;
  readonly sha256: string;
}

/** First column and columns (u32, little-endian), hash. */
const recordBytes = 40;
export const pixelsFile = 'pixels.raw';
export const journalFile = 'strips';

export const bytesOf = (samples: Uint16Array): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function writeAt(handle: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(handle, bytes, done, bytes.length - done, at + done);
  }
}

/**
 * The pixels of a scan while it comes: the samples as they are, and beside them a journal with one record
 * for every append, written after it. A strip counts once its record is whole and its hash is right.
 */
export class StripFiles {
  readonly strips: Strip[];
  readonly #pixels: number;
  readonly #journal: number;
  readonly #columnBytes: number;
  /** Whoever needs the files open: first the one that made it. */
  #users = 1;

  private constructor(pixels: number, journal: number, columnBytes: number, strips: Strip[]) {
    this.#pixels = pixels;
    this.#journal = journal;
    this.#columnBytes = columnBytes;
    this.strips = strips;
  }

  /** Throws what the disk says. */
  static create(folder: string, columnBytes: number): StripFiles {
    const pixels = openSync(join(folder, pixelsFile), 'wx+', 0o600);
    try {
      return new StripFiles(pixels, openSync(join(folder, journalFile), 'wx', 0o600), columnBytes, []);
    } catch (error) {
      closeSync(pixels);
      throw error;
    }
  }

  /** What a process that died has left: every whole append, checked; what is behind them is cut off. */
  static recover(folder: string, columnBytes: number): StripFiles | undefined {
    try {
      const pixels = openSync(join(folder, pixelsFile), 'r+');
      const journal = openSync(join(folder, journalFile), 'r+');
      const strips = wholeStrips(pixels, journal, columnBytes);
      const last = strips.at(-1);
      ftruncateSync(pixels, last ? (last.column0 + last.columns) * columnBytes : 0);
      ftruncateSync(journal, strips.length * recordBytes);
      return new StripFiles(pixels, journal, columnBytes, strips);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  get columns(): number {
    const last = this.strips.at(-1);
    return last ? last.column0 + last.columns : 0;
  }

  get bytes(): number {
    return this.columns * this.#columnBytes + this.strips.length * recordBytes;
  }

  /** For reading and for syncing. */
  get handle(): number {
    return this.#pixels;
  }

  /** Throws what the disk says; the strip does not count then. */
  append(strip: Strip, samples: Uint16Array): void {
    writeAt(this.#pixels, bytesOf(samples), strip.column0 * this.#columnBytes);
    const record = Buffer.alloc(recordBytes);
    record.writeUInt32LE(strip.column0, 0);
    record.writeUInt32LE(strip.columns, 4);
    record.write(strip.sha256, 8, 'hex');
    writeAt(this.#journal, record, this.strips.length * recordBytes);
    this.strips.push(strip);
  }

  /** Reads; the files stay open until it is done, whoever closes them meanwhile. */
  async reading<T>(read: () => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await read();
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    closeSync(this.#pixels);
    closeSync(this.#journal);
  }
}

function wholeStrips(pixels: number, journal: number, columnBytes: number): Strip[] {
  const strips: Strip[] = [];
  const { size } = fstatSync(pixels);
  const record = Buffer.alloc(recordBytes);
  for (let next = 0; ; ) {
    if (readSync(journal, record, 0, recordBytes, strips.length * recordBytes) < recordBytes) return strips;
    const strip: Strip = {
      column0: record.readUInt32LE(0),
      columns: record.readUInt32LE(4),
      sha256: record.toString('hex', 8),
    };
    const bytes = strip.columns * columnBytes;
    const at = strip.column0 * columnBytes;
    if (strip.column0 !== next || strip.columns === 0 || at + bytes > size) return strips;
    const samples = Buffer.allocUnsafe(bytes);
    if (readSync(pixels, samples, 0, bytes, at) < bytes || hashOf(samples) !== strip.sha256) return strips;
    strips.push(strip);
    next += strip.columns;
  }
}
