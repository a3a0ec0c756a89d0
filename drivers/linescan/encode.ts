import { crc32 } from 'node:zlib';
import type { RawLine } from '#flows/scan';
import { at, flags, magic, recordBytes, version } from './frame.ts';

/** Whose line it is: hexadecimal, 16 digits of the scanner and 32 of the scan. */
export interface LineOwner {
  readonly scanner: string;
  readonly scan: string;
}

/** A line as its record. Throws RangeError for values that the record cannot hold. */
export function encodeLine(line: RawLine, owner: LineOwner): Buffer {
  const { samples } = line;
  const record = Buffer.alloc(recordBytes(samples.length));
  record.set(magic);
  record.writeUInt16LE(version, at.version);
  const beam = line.beam === 'dark' ? flags.dark : line.beam === 'air' ? flags.air : 0;
  record.writeUInt16LE((line.energy === 'low' ? flags.low : 0) | beam | (line.end ? flags.end : 0), at.flags);
  record.writeBigUInt64LE(BigInt(`0x${owner.scanner}`), at.scanner);
  record.write(owner.scan, at.scan, 16, 'hex');
  record.writeUInt32LE(line.line, at.line);
  record.writeBigUInt64LE(line.timeNs, at.time);
  record.writeInt32LE(Math.round(line.encoderUm), at.encoder);
  record.writeFloatLE(line.speedMps, at.speed);
  record.writeFloatLE(line.doseRef, at.dose);
  record.writeUInt16LE(samples.length, at.detectors);
  record.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), at.samples);
  return sealRecord(record);
}

/** The records of scans on end: each gets a name of its own, made of `random`. */
export async function* recordsOf(
  lines: AsyncIterable<RawLine> | Iterable<RawLine>,
  scanner: string,
  random: () => number,
): AsyncGenerator<Buffer> {
  let scan: string | undefined;
  for await (const line of lines) {
    scan ??= Buffer.from(Array.from({ length: 16 }, () => random() * 256)).toString('hex');
    yield encodeLine(line, { scanner, scan });
    if (line.end) scan = undefined;
  }
}

/** Puts the check sum on a record whose fields were changed. */
export function sealRecord(record: Buffer): Buffer {
  record.writeUInt32LE(crc32(record.subarray(0, record.length - 4)), record.length - 4);
  return record;
}
