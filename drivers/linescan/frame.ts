import { crc32 } from 'node:zlib';
import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';

/**
 * One line on the wire, little-endian: magic u32, version u16, flags u16, scanner u64, scan 16 bytes, line u32,
 * time u64 (ns), encoder i32 (um), speed f32 (m/s), dose f32, detectors u16, reserved u16, samples u16 each,
 * CRC-32 (IEEE 802.3) of all before it. Nobody's standard: the least that a line scanner has to say.
 */
export const at = {
  version: 4,
  flags: 6,
  scanner: 8,
  scan: 16,
  line: 32,
  time: 36,
  encoder: 44,
  speed: 48,
  dose: 52,
  detectors: 56,
  samples: 60,
} as const;

/** `XLIN` as it stands on the wire. */
export const magic = Buffer.from('XLIN', 'latin1');
export const version = 1;
export const flags = { low: 1, dark: 2, air: 4, end: 8 } as const;
export const maxDetectors = 4096;

export const recordBytes = (detectors: number): number => at.samples + 2 * detectors + 4;
export const maxRecordBytes = recordBytes(maxDetectors);

/** A record whose check sum is right, or that there was one whose check sum is wrong. */
export type LineFrame = Uint8Array | { readonly damaged: true };

const damaged: LineFrame = { damaged: true };
/** Of noise, what is kept to be looked at, bytes. */
const sampleBytes = 256;

/** Length of the record that begins here, or undefined where its header cannot be one. */
function lengthAt(bytes: Buffer, from: number): number | undefined {
  const detectors = bytes.readUInt16LE(from + at.detectors);
  if (bytes.readUInt16LE(from + at.version) !== version) return undefined;
  return detectors > 0 && detectors <= maxDetectors ? recordBytes(detectors) : undefined;
}

/** How many bytes are missing of the record that begins here, or of its header. */
function wanted(held: Buffer): number {
  const length = held.length < at.samples ? undefined : lengthAt(held, 0);
  return Math.max(1, (length ?? at.samples) - held.length);
}

const isWhole = (record: Buffer): boolean =>
  crc32(record.subarray(0, record.length - 4)) === record.readUInt32LE(record.length - 4);

/**
 * Finds records by their magic and believes none without its check sum. After a damaged one the search goes on
 * inside it, since its length may be what was damaged: the next whole line is never lost with it.
 */
class LineFramer implements Framer<LineFrame> {
  #held: Buffer = Buffer.alloc(0);
  #noise = 0;
  #sample: Buffer[] = [];
  /** Bytes that may still belong to a damaged record. */
  #excused = 0;
  #out: Framed<LineFrame>[] = [];

  push(bytes: Uint8Array): Framed<LineFrame>[] {
    let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let held = this.#held; held.length > 0; ) {
      // No more than what is held needs to be whole: the rest is read where it lies.
      const more = rest.subarray(0, wanted(held));
      const bridge = Buffer.concat([held, more]);
      const from = this.#cut(bridge, held.length, false);
      if (from >= held.length) {
        rest = rest.subarray(from - held.length);
        break;
      }
      if (more.length === rest.length) {
        this.#held = Buffer.from(bridge.subarray(from));
        return this.#taken();
      }
      rest = rest.subarray(more.length);
      held = bridge.subarray(from);
    }
    this.#held = Buffer.from(rest.subarray(this.#cut(rest, rest.length, false)));
    return this.#taken();
  }

  end(): Framed<LineFrame>[] {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    this.#skip(rest.subarray(this.#cut(rest, rest.length, true)));
    this.#flush();
    return this.#taken();
  }

  #taken(): Framed<LineFrame>[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Takes what begins before `until` and is whole; returns where the rest begins. `last`: nothing more will come. */
  #cut(all: Buffer, until: number, last: boolean): number {
    let from = 0;
    for (;;) {
      if (from >= until) return from;
      const found = all.indexOf(magic, from);
      const next = found < 0 ? Math.max(from, all.length - magic.length + 1) : found;
      const end = Math.min(next, until);
      this.#skip(all.subarray(from, end));
      from = end;
      if (end !== found) return from;
      const headed = all.length - from >= at.samples;
      const length = headed ? lengthAt(all, from) : at.samples;
      if (length === undefined) {
        this.#skip(all.subarray(from, from + magic.length));
        from += magic.length;
      } else if (!headed || all.length - from < length) {
        if (!last) return from;
        this.#flush();
        this.#out.push({ problem: faults.problem('linescan.cut'), bytes: all.subarray(from) });
        from = this.#inside(from);
      } else {
        this.#flush();
        const record = all.subarray(from, from + length);
        const whole = isWhole(record);
        if (whole) {
          this.#excused = 0;
          this.#out.push({ frame: record });
        } else
          this.#out.push({ problem: faults.problem('linescan.damaged'), bytes: record }, { frame: damaged });
        from = whole ? from + length : this.#inside(from);
      }
    }
  }

  #inside(from: number): number {
    this.#excused = maxRecordBytes;
    return from + magic.length;
  }

  /** Bytes that are no record. */
  #skip(bytes: Buffer): void {
    const excused = Math.min(this.#excused, bytes.length);
    this.#excused -= excused;
    for (let from = excused; from < bytes.length; ) {
      const piece = bytes.subarray(from, from + maxRecordBytes - this.#noise);
      if (this.#noise < sampleBytes)
        this.#sample.push(Buffer.from(piece.subarray(0, sampleBytes - this.#noise)));
      this.#noise += piece.length;
      from += piece.length;
      if (this.#noise === maxRecordBytes) this.#flush();
    }
  }

  #flush(): void {
    if (this.#noise === 0) return;
    const problem = faults.problem('linescan.noise', { bytes: this.#noise });
    this.#out.push({ problem, bytes: Buffer.concat(this.#sample) });
    this.#noise = 0;
    this.#sample = [];
  }
}

export const lineFramer = (): Framer<LineFrame> => new LineFramer();
