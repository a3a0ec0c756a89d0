import { setTimeout as sleep } from 'node:timers/promises';
import { sealRecord } from '#drivers/linescan/encode';
import { at, recordBytes } from '#drivers/linescan/frame';

/** Records of one scan, as a rendered file has them: all of one length, their times from an arbitrary zero. */
export class ScanRecords {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #length: number;

  /** Throws RangeError for bytes that are no whole number of records of one length. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#length = bytes.length < at.samples ? 0 : recordBytes(bytes.readUInt16LE(at.detectors));
    this.count = bytes.length / this.#length;
    if (!Number.isInteger(this.count)) throw new RangeError(`${bytes.length} bytes are no records of a scan`);
  }

  /** Nanoseconds from the first record to record `n`. */
  afterNs(n: number): bigint {
    return this.#timeNs(n) - this.#timeNs(0);
  }

  #timeNs(n: number): bigint {
    return this.#bytes.readBigUInt64LE(n * this.#length + at.time);
  }

  /** Record `n` as a line of scan `scan` (32 hexadecimal digits) that was measured at `timeNs`. */
  record(n: number, scan: string, timeNs: bigint): Buffer {
    const record = Buffer.from(this.#bytes.subarray(n * this.#length, (n + 1) * this.#length));
    record.write(scan, at.scan, 16, 'hex');
    record.writeBigUInt64LE(timeNs, at.time);
    return sealRecord(record);
  }
}

/** Time between two looks at what is due, ms. */
const tickMs = 25;

/** The records of a scan at the pace at which they were measured, from now on. Ends early at `signal`. */
export async function* paced(
  records: ScanRecords,
  scan: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const startNs = BigInt(Date.now()) * 1_000_000n;
  const startMs = performance.now();
  for (let n = 0; n < records.count && !signal.aborted; ) {
    const dueNs = BigInt(Math.round((performance.now() - startMs) * 1e6));
    for (; n < records.count && records.afterNs(n) <= dueNs; n++) {
      yield records.record(n, scan, startNs + records.afterNs(n));
    }
    await sleep(tickMs, undefined, { signal }).catch(() => undefined);
  }
}
