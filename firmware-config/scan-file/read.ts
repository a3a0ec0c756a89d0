import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { Value } from 'typebox/value';
import { Fault } from '#flows/fault';
import { faults } from '../faults.ts';
import { mark, ScanFileIndex, samplesOf, tailBytes } from './format.ts';
import { restore } from './predict.ts';

const unpack = promisify<Uint8Array, object, Buffer>(inflate);
/** Larger indexes are not read, bytes. */
const maxIndexBytes = 2_000_000;

export interface ScanFile {
  readonly index: ScanFileIndex;
  /** Columns from `column` on, fewer at the end of the scan; laid out as `Pixels`. Throws `scanfile.damaged`. */
  columns(column: number, count: number): Promise<Uint16Array<ArrayBuffer>>;
  close(): Promise<void>;
}

const damaged = (detail: string, file: string, cause?: unknown) =>
  faults.fault('scanfile.damaged', { detail }, file, cause);

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw new Error('it ends too early');
    done += bytesRead;
  }
  return bytes;
}

async function readIndex(handle: FileHandle): Promise<ScanFileIndex> {
  const { size } = await handle.stat();
  if (size < mark.length + tailBytes) throw new Error('it is too short');
  const tail = await readAt(handle, size - tailBytes, tailBytes);
  if (!tail.subarray(4).equals(mark)) throw new Error('it has no end mark');
  const length = tail.readUInt32LE();
  const begin = size - tailBytes - length;
  if (length > maxIndexBytes || begin < mark.length) throw new Error('its index does not fit');
  const index: unknown = JSON.parse((await readAt(handle, begin, length)).toString('utf8'));
  if (!Value.Check(ScanFileIndex, index)) throw new Error('its index is not valid');
  const chunks = Math.ceil(index.columns / index.chunkColumns);
  const packed = index.sizes.reduce((sum, bytes) => sum + bytes, mark.length);
  if (chunks !== index.sizes.length || packed !== begin) throw new Error('its index contradicts itself');
  if (samplesOf(index, index.chunkColumns) > 32_000_000) throw new Error('its chunks are too large');
  return index;
}

/** Opens a scan file without reading its pixels. Throws `scanfile.damaged`, and what the disk says. */
export async function openScanFile(file: string): Promise<ScanFile> {
  const handle = await open(file, 'r');
  const index = await readIndex(handle).catch(async (error: Error) => {
    await handle.close();
    throw damaged(error.message, file, error);
  });
  const stride = samplesOf(index, 1);
  const starts = index.sizes.map(() => 0);
  for (let n = 0, at = mark.length; n < starts.length; n += 1) {
    starts[n] = at;
    at += index.sizes[n] as number;
  }

  async function chunk(n: number): Promise<Uint16Array<ArrayBuffer>> {
    const columns = Math.min(index.chunkColumns, index.columns - n * index.chunkColumns);
    const bytes = stride * columns * 2;
    const packed = await readAt(handle, starts[n] as number, index.sizes[n] as number);
    const plain = await unpack(packed, { maxOutputLength: bytes });
    if (plain.length !== bytes) throw new Error(`chunk ${n} has ${plain.length} bytes, not ${bytes}`);
    return restore(plain, index.rows, stride);
  }

  return {
    index,
    async columns(column, count) {
      const end = Math.min(column + count, index.columns);
      const samples = new Uint16Array(Math.max(0, end - column) * stride);
      for (let n = Math.floor(column / index.chunkColumns); n * index.chunkColumns < end; n += 1) {
        const part = await chunk(n).catch((error: Error) => {
          throw error instanceof Fault ? error : damaged(error.message, file, error);
        });
        const first = n * index.chunkColumns;
        const from = Math.max(column, first);
        const upto = Math.min(end, first + index.chunkColumns);
        samples.set(
          part.subarray((from - first) * stride, (upto - first) * stride),
          (from - column) * stride,
        );
      }
      return samples;
    },
    close: () => handle.close(),
  };
}

/** SHA-256 of a whole file, hex. */
export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file, { highWaterMark: 1 << 18 })) hash.update(part as Buffer);
  return hash.digest('hex');
}
