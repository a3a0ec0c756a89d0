import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameMessage, FrameSource, Pixels } from '#flows/scan';
import { faults } from '../faults.ts';

/** Bytes of a sample. */
const sampleBytes = 2;
/** Greater frames are not read, samples. */
const maxSamples = 64_000_000;

/**
 * Pixels of recorded frames: plain files of 16-bit samples, little-endian, laid out as `Pixels`, as
 * `decode linescan` writes them. A handle's file is looked for in each folder in turn.
 */
export class RecordedFrames implements FrameSource {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  async read(frame: FrameMessage, before = 0): Promise<Pixels> {
    const { data, width, height, planes, line0 = 0 } = frame;
    const column = planes.length * height;
    const front = Math.min(before, line0, Math.floor(data.offset / (column * sampleBytes)));
    const columns = front + width;
    if (!(width > 0 && height > 0) || columns * column > maxSamples || data.offset < 0)
      throw this.#damaged(frame, `it cannot have ${width} columns of ${column} samples at ${data.offset}`);
    const samples = new Uint16Array(new SharedArrayBuffer(columns * column * sampleBytes));
    const bytes = Buffer.from(samples.buffer);
    const handle = await this.#open(frame);
    try {
      await fill(handle, bytes, data.offset - front * column * sampleBytes);
    } catch (error) {
      throw this.#damaged(frame, (error as Error).message, error);
    } finally {
      await handle.close();
    }
    const own = bytes.subarray(front * column * sampleBytes);
    if (createHash('sha256').update(own).digest('hex') !== data.sha256)
      throw this.#damaged(frame, 'its SHA-256 is another');
    return { samples, columns, rows: height, planes, column0: line0 - front };
  }

  async #open(frame: FrameMessage): Promise<FileHandle> {
    const { file } = frame.data;
    let cause: unknown;
    for (const folder of this.#folders) {
      try {
        return await open(join(folder, file), 'r');
      } catch (error) {
        cause = error;
      }
    }
    throw faults.fault('frame.missing', columnsOf(frame), file, cause);
  }

  #damaged(frame: FrameMessage, detail: string, cause?: unknown) {
    return faults.fault('frame.damaged', { ...columnsOf(frame), detail }, frame.data.file, cause);
  }
}

const columnsOf = ({ scan = '?', line0: from = 0, width }: FrameMessage) => ({
  scan,
  from,
  to: from + width,
});

async function fill(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, at + done);
    if (bytesRead === 0) throw new Error('the file ends before it');
    done += bytesRead;
  }
}
