import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { mark } from '#firmware-config/scan-file/format';
import { openScanFile } from '#firmware-config/scan-file/read';
import type { FrameMessage, FrameSource, Pixels } from '#flows/scan';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';

/** Bytes of a sample. */
const sampleBytes = 2;
/** Greater frames are not read, samples. */
const maxSamples = 64_000_000;

/**
 * Pixels of recorded frames. The file of a handle is looked for in each folder in turn; it is plain 16-bit
 * samples, little-endian, laid out as `Pixels`, with `offset` in bytes, or a packed scan as boxes keep it, with
 * `offset` as it would be unpacked.
 */
export class RecordedFrames implements FrameSource {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  async read(frame: FrameMessage, before = 0): Promise<Pixels> {
    const { data, width, height, planes, line0 = 0 } = frame;
    const columnBytes = planes.length * height * sampleBytes;
    const front = Math.min(before, line0, Math.floor(data.offset / columnBytes));
    const columns = front + width;
    if (!(width > 0 && height > 0 && data.offset >= 0) || columns * columnBytes > maxSamples * sampleBytes)
      throw damaged(frame, `it cannot have ${width} columns of ${columnBytes} bytes at ${data.offset}`);
    const samples = new Uint16Array(new SharedArrayBuffer(columns * columnBytes));
    const bytes = Buffer.from(samples.buffer);
    const { path, handle } = await this.#open(frame);
    const at = data.offset - front * columnBytes;
    try {
      if (await isPacked(handle)) await unpack(path, samples, at / columnBytes, columns);
      else await fill(handle, bytes, at);
    } catch (error) {
      throw damaged(frame, detailOf(error), error);
    } finally {
      await handle.close();
    }
    const own = bytes.subarray(front * columnBytes);
    if (createHash('sha256').update(own).digest('hex') !== data.sha256)
      throw damaged(frame, 'its SHA-256 is another');
    return { samples, columns, rows: height, planes, column0: line0 - front };
  }

  async #open(frame: FrameMessage): Promise<{ path: string; handle: FileHandle }> {
    let cause: unknown;
    for (const folder of this.#folders) {
      const path = join(folder, frame.data.file);
      try {
        return { path, handle: await open(path, 'r') };
      } catch (error) {
        cause = error;
      }
    }
    throw faults.fault('frame.missing', columnsOf(frame), frame.data.file, cause);
  }
}

const columnsOf = ({ scan = '?', line0: from = 0, width }: FrameMessage) => ({
  scan,
  from,
  to: from + width,
});

const damaged = (frame: FrameMessage, detail: string, cause?: unknown) =>
  faults.fault('frame.damaged', { ...columnsOf(frame), detail }, frame.data.file, cause);

async function isPacked(handle: FileHandle): Promise<boolean> {
  const head = Buffer.alloc(mark.length);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  return bytesRead === head.length && head.equals(mark);
}

async function unpack(path: string, into: Uint16Array, column: number, count: number): Promise<void> {
  const scan = await openScanFile(path);
  try {
    const samples = await scan.columns(column, count);
    if (samples.length !== into.length) throw new Error('the scan has other columns');
    into.set(samples);
  } finally {
    await scan.close();
  }
}

async function fill(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, at + done);
    if (bytesRead === 0) throw new Error('the file ends before it');
    done += bytesRead;
  }
}
