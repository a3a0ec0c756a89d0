import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameMessage, Pixels, ScanStore, ScanWriter } from '#flows/scan';
import { faults } from '../faults.ts';

/** Size of a sample, bytes. */
const sampleBytes = 2;

/**
 * Scans as plain files of 16-bit samples, little-endian, laid out as `Pixels`: `<scan>.u16` in a folder. Without a
 * folder the pixels are hashed and forgotten, and handles name what the file would hold. For commands, not for
 * boxes: nothing is ever deleted.
 */
export class PlainScans implements ScanStore {
  readonly #folder: string | undefined;

  constructor(folder?: string) {
    this.#folder = folder;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }

  open({ id }: Parameters<ScanStore['open']>[0]): ScanWriter {
    const file = `${id}.u16`;
    const path = this.#folder === undefined ? undefined : join(this.#folder, file);
    if (path !== undefined) writeFileSync(path, '', { flag: 'wx' });
    let offset = 0;
    return {
      append(samples) {
        const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
        if (path !== undefined) appendFileSync(path, bytes);
        const handle = { file, offset, sha256: createHash('sha256').update(bytes).digest('hex') };
        offset += bytes.length;
        return handle;
      },
      close: () => undefined,
    };
  }

  async read(frame: FrameMessage, before = 0): Promise<Pixels> {
    const { data, width, height, planes, line0 = 0 } = frame;
    const front = Math.min(before, line0);
    const columnBytes = planes.length * height * sampleBytes;
    const bytes = Buffer.alloc((front + width) * columnBytes);
    try {
      const file = await open(join(this.#folder ?? '', data.file));
      try {
        await file.read(bytes, 0, bytes.length, data.offset - front * columnBytes);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw faults.fault('scan.missing', { file: data.file }, undefined, error);
    }
    const own = bytes.subarray(front * columnBytes);
    if (createHash('sha256').update(own).digest('hex') !== data.sha256)
      throw faults.fault('scan.damaged', { file: data.file });
    return {
      samples: new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / sampleBytes),
      columns: front + width,
      rows: height,
      planes,
      column0: line0 - front,
    };
  }
}
