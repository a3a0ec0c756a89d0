import { join } from 'node:path';
import { samplesOf } from '#firmware-config/scan-file/format';
import { openScanFile } from '#firmware-config/scan-file/read';
import { Fault } from '#flows/fault';
import type { FrameMessage, Pixels } from '#flows/scan';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import type { Held } from './budget.ts';
import { readRaw, wrongStrip } from './finish.ts';
import type { ColumnMemory } from './memory.ts';
import { type ScanRecord, storedFile } from './record.ts';
import { bytesOf, hashOf, type StripFiles } from './strips.ts';

/** One scan of the box, on disk or, when it could not be written, in memory alone. */
export interface Entry {
  record: ScanRecord;
  /** Where it is; absent: it is not on disk. */
  folder: string | undefined;
  /** Raw pixels, while there are any. */
  files: StripFiles | undefined;
  /** Columns that came, on disk or not. */
  columns: number;
  /** Why not all of it is on disk. */
  unkept: boolean;
  /** Not packed before then: it failed. */
  packAfter: number;
}

export const strideOf = (entry: Entry): number => samplesOf(entry.record, 1);

export const heldOf = ({ record, files, folder }: Entry): Held => ({
  scan: record.scan,
  order: record.order,
  opened: record.opened,
  bytes: folder === undefined ? 0 : (files?.bytes ?? 0) + (record.stored?.bytes ?? 0),
  // What is not a file yet is being packed or waits for it.
  writing: !record.closed || !record.stored,
  judged: record.judged,
});

/** Pixels of a frame with what is before it. Throws `frame.missing` and `frame.damaged`. */
export async function readFrame(
  entry: Entry,
  memory: ColumnMemory,
  frame: FrameMessage,
  before: number,
): Promise<Pixels> {
  const { record } = entry;
  const { rows, planes, scan } = record;
  const first = frame.line0 ?? 0;
  const to = first + frame.width;
  const from = Math.max(0, first - before);
  const fields = { scan, from, to };
  if (frame.height !== rows || frame.planes.length !== planes.length) {
    throw faults.fault('frame.damaged', {
      ...fields,
      detail: 'its rows or planes are not those of the scan',
    });
  }
  const shared = memory.view(scan, from, to);
  const samples = shared ?? (await fromDisk(entry, from, to, fields));
  if (!shared) {
    const own = samples.subarray((first - from) * strideOf(entry));
    if (hashOf(bytesOf(own)) !== frame.data.sha256) {
      throw faults.fault('frame.damaged', { ...fields, detail: 'their hash is another' });
    }
  }
  return { samples: shared ?? share(samples), columns: to - from, rows, planes, column0: from };
}

/** In shared memory, as the pixels of memory are, so that a worker can be given it as it is. */
function share(samples: Uint16Array): Uint16Array {
  const copy = new Uint16Array(new SharedArrayBuffer(samples.byteLength));
  copy.set(samples);
  return copy;
}

type Fields = { scan: string; from: number; to: number };

async function fromDisk(entry: Entry, from: number, to: number, fields: Fields): Promise<Uint16Array> {
  const { files, folder, record } = entry;
  try {
    if (record.stored && folder !== undefined) {
      if (to > record.stored.columns) throw faults.fault('frame.missing', fields);
      return await fromStored(join(folder, storedFile), from, to);
    }
    if (!files || to > files.columns) throw faults.fault('frame.missing', fields);
    const stride = strideOf(entry);
    const strips = files.strips.filter(({ column0, columns }) => column0 < to && column0 + columns > from);
    const column0 = strips[0]?.column0 ?? from;
    const last = strips.at(-1);
    const end = last ? last.column0 + last.columns : to;
    const samples = await files.reading(() => readRaw(files.handle, stride, column0, end));
    if (wrongStrip(strips, samples, stride, column0)) {
      throw faults.fault('frame.damaged', { ...fields, detail: 'the hash of a strip is another' });
    }
    return samples.subarray((from - column0) * stride, (to - column0) * stride);
  } catch (error) {
    if (error instanceof Fault && error.problem.code !== 'scanfile.damaged') throw error;
    throw faults.fault('frame.damaged', { ...fields, detail: detailOf(error) }, undefined, error);
  }
}

async function fromStored(file: string, from: number, to: number): Promise<Uint16Array> {
  const scan = await openScanFile(file);
  try {
    return await scan.columns(from, to - from);
  } finally {
    await scan.close();
  }
}
