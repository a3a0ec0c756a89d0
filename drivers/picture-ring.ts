import { createHash } from 'node:crypto';
import { type PictureStore, picturePrefix } from '#flows/picture';
import type { FrameMessage, Pixels } from '#flows/scan';
import { faults } from './faults.ts';

interface Held {
  readonly offset: number;
  readonly length: number;
}

/**
 * The newest pictures of all cameras in one stretch of memory, the oldest written over. Messages carry handles;
 * whoever reads one gathers it in the order that it needs, so that nothing is written over while it is looked at.
 */
export class PictureRing implements PictureStore {
  readonly #capacity: number;
  #memory: Uint8Array | undefined;
  #at = 0;
  #number = 0;
  /** By file, oldest first; they lie one after the other, round the end. */
  readonly #held = new Map<string, Held>();

  constructor(capacityBytes: number) {
    this.#capacity = capacityBytes;
  }

  put(bytes: Uint8Array) {
    // A box without cameras has no such memory.
    this.#memory ??= new Uint8Array(this.#capacity);
    const file = `${picturePrefix}${this.#number++}`;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (bytes.length > this.#capacity) return { file, offset: 0, sha256 };
    if (this.#at + bytes.length > this.#capacity) this.#at = 0;
    const offset = this.#at;
    this.#makeRoom(offset, bytes.length);
    this.#memory.set(bytes, offset);
    this.#at += bytes.length;
    this.#held.set(file, { offset, length: bytes.length });
    return { file, offset, sha256 };
  }

  #makeRoom(offset: number, length: number): void {
    for (const [file, held] of this.#held)
      if (held.offset < offset + length && offset < held.offset + held.length) this.#held.delete(file);
  }

  /** The picture's bytes as they were put, in the ring itself: good until something is awaited. Throws `picture.missing`. */
  bytes({ data, width, height, planes, bits }: FrameMessage): Uint8Array {
    const held = this.#held.get(data.file);
    const sampleBytes = bits > 8 ? 2 : 1;
    if (!held || !this.#memory || held.length !== width * height * planes.length * sampleBytes)
      throw faults.fault('picture.missing', { file: data.file });
    return this.#memory.subarray(held.offset, held.offset + held.length);
  }

  read(frame: FrameMessage): Pixels {
    const { width, height, planes, bits } = frame;
    const bytes = this.bytes(frame);
    const sampleBytes = bits > 8 ? 2 : 1;
    const samples = new Uint16Array(width * height * planes.length);
    let from = 0;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let p = 0; p < planes.length; p++, from += sampleBytes) {
          const high = bytes[from] as number;
          samples[(x * planes.length + p) * height + y] =
            sampleBytes === 1 ? high : (high << 8) | (bytes[from + 1] as number);
        }
    return { samples, columns: width, rows: height, planes, column0: 0 };
  }
}
