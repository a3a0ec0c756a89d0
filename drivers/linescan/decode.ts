import type { RawLine } from '#flows/scan';
import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { at, flags, type LineFrame } from './frame.ts';

/** A line with whose it is: scanner and scan in hexadecimal. */
export interface Line extends RawLine {
  readonly scanner: string;
  readonly scan: string;
}

/** A line, or that one was damaged. */
export type LinePart = Line | { readonly damaged: true };

/** Reads a record whose check sum was right. */
export function decodeLine(frame: LineFrame): Decoded<LinePart> {
  if ('damaged' in frame) return { parts: [frame] };
  const record = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const speedMps = record.readFloatLE(at.speed);
  const doseRef = record.readFloatLE(at.dose);
  if (!Number.isFinite(speedMps)) return wrong('speed', speedMps);
  if (!(Number.isFinite(doseRef) && doseRef >= 0)) return wrong('doseRef', doseRef);
  const said = record.readUInt16LE(at.flags);
  // A copy: samples begin at any byte of the stream, and 16-bit views only at even ones.
  const samples = new Uint16Array(record.readUInt16LE(at.detectors));
  Buffer.from(samples.buffer).set(record.subarray(at.samples, record.length - 4));
  return {
    parts: [
      {
        scanner: record.readBigUInt64LE(at.scanner).toString(16).padStart(16, '0'),
        scan: record.toString('hex', at.scan, at.line),
        energy: said & flags.low ? 'low' : 'high',
        beam: said & flags.dark ? 'dark' : said & flags.air ? 'air' : 'object',
        end: (said & flags.end) !== 0,
        line: record.readUInt32LE(at.line),
        timeNs: record.readBigUInt64LE(at.time),
        encoderUm: record.readInt32LE(at.encoder),
        speedMps,
        doseRef,
        samples,
      },
    ],
  };
}

const wrong = (field: string, value: number): Decoded<LinePart> => ({
  problem: faults.problem('linescan.field', { field, value }),
});
