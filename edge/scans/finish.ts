import { read } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { samplesOf } from '#firmware-config/scan-file/format';
import { writeScanFile } from '#firmware-config/scan-file/write';
import { syncFolder } from '../files.ts';
import { type ScanRecord, storedFile } from './record.ts';
import { hashOf, type Strip, type StripFiles } from './strips.ts';
import { ThumbnailMaker } from './thumbnail.ts';

const readAt = promisify(read);

/** Columns `from` to `to` (exclusive) of the raw pixels. Throws what the disk says. */
export async function readRaw(handle: number, stride: number, from: number, to: number) {
  const samples = new Uint16Array((to - from) * stride);
  const bytes = new Uint8Array(samples.buffer);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await readAt(handle, bytes, done, bytes.length - done, from * stride * 2 + done);
    if (bytesRead === 0) throw new Error('the file ends too early');
    done += bytesRead;
  }
  return samples;
}

/** The first of the strips whose pixels are not what was written; undefined: all are. */
export function wrongStrip(
  strips: readonly Strip[],
  samples: Uint16Array,
  stride: number,
  column0: number,
): Strip | undefined {
  return strips.find(({ column0: first, columns, sha256 }) => {
    const at = (first - column0) * stride * 2;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset + at, columns * stride * 2);
    return hashOf(bytes) !== sha256;
  });
}

/**
 * Packs the raw pixels of a scan that has ended into one file, checked against the hashes of its strips
 * on the way; what follows a strip that was damaged is left out. Throws what the disk says.
 */
export async function finishScan(
  folder: string,
  record: ScanRecord,
  files: StripFiles,
): Promise<NonNullable<ScanRecord['stored']>> {
  const stride = samplesOf(record, 1);
  const { rows, planes, scan, attributes } = record;
  const picture = new ThumbnailMaker(
    { rows, planes: planes.length, air: attributes.airLevel },
    files.columns,
  );
  const part = join(folder, `${storedFile}.part`);
  const chunks = new SoundColumns(files, stride);
  try {
    const made = await writeScanFile(part, { scan, rows, planes }, async (column, count) => {
      const samples = await chunks.read(column, count);
      picture.add(samples);
      await setImmediate(); // messages of other devices go first
      return samples;
    });
    await rename(part, join(folder, storedFile));
    syncFolder(folder);
    const thumbnail = await picture.make();
    return { ...made, ...(thumbnail && { thumbnail }) };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Reads columns in order and checks each strip once; ends at the first that is damaged. */
class SoundColumns {
  readonly #files: StripFiles;
  readonly #stride: number;
  #checked = 0;
  #sound = 0;
  #end: boolean;

  constructor(files: StripFiles, stride: number) {
    this.#files = files;
    this.#stride = stride;
    this.#end = files.strips.length === 0;
  }

  async read(column: number, count: number): Promise<Uint16Array> {
    while (!this.#end && this.#sound < column + count) await this.#checkNext();
    const to = Math.max(column, Math.min(column + count, this.#sound));
    return readRaw(this.#files.handle, this.#stride, column, to);
  }

  async #checkNext(): Promise<void> {
    const strip = this.#files.strips[this.#checked];
    if (!strip) {
      this.#end = true;
      return;
    }
    const { column0, columns } = strip;
    const samples = await readRaw(this.#files.handle, this.#stride, column0, column0 + columns);
    if (wrongStrip([strip], samples, this.#stride, column0)) this.#end = true;
    else this.#sound = column0 + columns;
    this.#checked += 1;
  }
}
