import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardPacketSize } from './size-guard.ts';

/** Fixed header with the length in as few bytes as it takes, then that many bytes. */
function packet(length: number): Buffer {
  const header = [0x30];
  let rest = length;
  do {
    header.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
}

function run(bytes: Buffer, cuts: readonly number[], limit: number) {
  const stream = new PassThrough({ highWaterMark: 1_000_000 });
  const told: number[] = [];
  guardPacketSize(stream, limit, (size) => told.push(size));
  let out = 0;
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    stream.write(bytes.subarray(at, Math.min(at + cut, bytes.length)));
    at = Math.min(at + cut, bytes.length);
    out += (stream.read() as Buffer | null)?.length ?? 0;
  }
  return { told, out };
}

test('however the bytes are cut: packets within the limit pass whole, the first above it ends it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3000), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 12 }),
      (lengths, cuts) => {
        const bytes = Buffer.concat(lengths.map(packet));
        const { told, out } = run(bytes, cuts, 1000);
        const first = lengths.find((length) => length > 1000);
        if (first === undefined) expect({ told, out }).toEqual({ told: [], out: bytes.length });
        else {
          expect(told).toHaveLength(1);
          expect(told[0]).toBeGreaterThan(1000);
        }
      },
    ),
  );
});

test('a length that is above the limit is told before any of its content', () => {
  expect(run(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), [], 1000).told).toHaveLength(1);
});
