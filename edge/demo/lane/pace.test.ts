import { expect, test } from 'vitest';
import { decodeLine, type Line } from '#drivers/linescan/decode';
import { lineFramer } from '#drivers/linescan/frame';
import { records, scanName, truck } from '#test/support/lane';
import { paced, ScanRecords } from './pace.ts';

const originals = records(truck(false), scanName(1)).slice(0, 60);
const scan = scanName(7);

function linesOf(bytes: Buffer): Line[] {
  const framer = lineFramer();
  return framer.push(bytes).flatMap((framed) => {
    const decoded = 'frame' in framed ? decodeLine(framed.frame) : { parts: [] };
    return 'parts' in decoded ? decoded.parts.flatMap((part) => ('damaged' in part ? [] : [part])) : [];
  });
}

test('a rendered scan is said again under another name and time, and is otherwise the same', () => {
  const made = new ScanRecords(Buffer.concat(originals));
  expect(made.count).toBe(60);
  const said = linesOf(Buffer.concat(originals.map((_, n) => made.record(n, scan, BigInt(n) * 5n))));
  const wanted = linesOf(Buffer.concat(originals)).map((line, n) => ({
    ...line,
    scan,
    timeNs: BigInt(n) * 5n,
  }));
  expect(said).toEqual(wanted);
});

test('bytes that are no whole records are refused', () => {
  const bytes = Buffer.concat(originals);
  for (const wrong of [bytes.subarray(0, -1), bytes.subarray(0, 20)])
    expect(() => new ScanRecords(wrong)).toThrow(RangeError);
});

test('lines come at the pace at which they were measured, from now on', async () => {
  const before = BigInt(Date.now()) * 1_000_000n;
  const begun = performance.now();
  const said: Buffer[] = [];
  const made = new ScanRecords(Buffer.concat(originals));
  for await (const record of paced(made, scan, new AbortController().signal)) said.push(record);
  const lines = linesOf(Buffer.concat(said));
  expect(lines).toHaveLength(60);
  // 59 pulses at 400 a second
  expect(performance.now() - begun).toBeGreaterThan(140);
  expect(lines[0]?.timeNs).toBeGreaterThanOrEqual(before);
  expect((lines[59]?.timeNs ?? 0n) - (lines[0]?.timeNs ?? 0n)).toBe(147_500_000n);
});

test('stops when it is told to', async () => {
  const stop = new AbortController();
  let said = 0;
  for await (const _ of paced(new ScanRecords(Buffer.concat(originals)), scan, stop.signal)) {
    said++;
    stop.abort();
  }
  expect(said).toBeLessThan(60);
});
