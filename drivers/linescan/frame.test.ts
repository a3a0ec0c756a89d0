import { expect, test } from 'vitest';
import { linesOf, owner, recordsOf, sceneOf } from '#test/support/scan-lines';
import { linescanConfig } from '#test/support/scan-pixels';
import { PlainScans } from '../transport/plain-scans.ts';
import { linescanCodec } from './codec.ts';
import { decodeLine, type Line } from './decode.ts';
import { recordsOf as recordsOnEnd } from './encode.ts';
import { lineFramer, maxRecordBytes } from './frame.ts';

const records = recordsOf(linesOf(sceneOf({ lengthMm: 10 })));
const first = records[0] as Buffer;
const codesOf = (framed: ReturnType<ReturnType<typeof lineFramer>['push']>) =>
  framed.map((item) =>
    'problem' in item ? item.problem.code : 'damaged' in item.frame ? 'damaged' : 'line',
  );

test('what was encoded is decoded, whatever its values', () => {
  const line = [...linesOf(sceneOf({ lengthMm: 10 }))].at(-1);
  const decoded = decodeLine(records.at(-1) as Buffer);
  expect(decoded).toEqual({
    parts: [
      {
        ...line,
        ...owner,
        speedMps: expect.closeTo(line?.speedMps ?? 0),
        doseRef: expect.closeTo(line?.doseRef ?? 0, 2),
      },
    ],
  });
});

test('a record is laid out as it is written down', () => {
  expect(first.toString('latin1', 0, 4)).toBe('XLIN');
  expect([first.readUInt16LE(4), first.readUInt16LE(6)]).toEqual([1, 2]);
  expect(first.toString('hex', 16, 32)).toBe(owner.scan);
  expect([first.readUInt16LE(56), first.length]).toEqual([48, 60 + 96 + 4]);
});

test('a line that ends with the stream is told, and so is what is none', () => {
  const framer = lineFramer();
  expect(codesOf(framer.push(Buffer.concat([first, first.subarray(0, 90)])))).toEqual(['line']);
  expect(codesOf(framer.end())).toEqual(['linescan.cut']);
  const noisy = lineFramer();
  expect(noisy.push(Buffer.from('hello'))).toEqual([]);
  expect(codesOf(noisy.end())).toEqual(['linescan.noise']);
});

test('a length that was damaged hides no line that follows', () => {
  const damaged = Buffer.from(first);
  damaged.writeUInt16LE(4000, 56);
  const framer = lineFramer();
  // Enough behind it for the length that it claims, or the end of the stream.
  expect(
    codesOf([...framer.push(Buffer.concat([damaged, ...records.slice(1, 4)])), ...framer.end()]),
  ).toEqual(['linescan.cut', 'line', 'line', 'line']);
  const many = Buffer.concat([damaged, ...records.slice(1, 100)]);
  expect(codesOf(lineFramer().push(many))).toEqual([
    'linescan.damaged',
    'damaged',
    ...records.slice(1, 100).map(() => 'line'),
  ]);
});

test('another version is no line of ours', () => {
  const other = Buffer.from(first);
  other.writeUInt16LE(2, 4);
  const framer = lineFramer();
  expect(codesOf([...framer.push(Buffer.concat([other, first])), ...framer.end()])).toEqual([
    'linescan.noise',
    'line',
  ]);
});

test('a flood of garbage with beginnings of lines in it is held no longer than a line', () => {
  const framer = lineFramer();
  const piece = Buffer.alloc(65_536, 0x33);
  for (let at = 0; at < piece.length; at += 1000) first.copy(piece, at, 0, 60);
  let told = 0;
  for (let i = 0; i < 200; i++)
    for (const item of framer.push(piece))
      if ('problem' in item) told += item.bytes.length > maxRecordBytes ? 1e9 : 1;
  expect(told).toBeGreaterThan(200);
  expect(told).toBeLessThan(1e6);
});

test('a line of hexadecimal is one record', () => {
  const codec = linescanCodec(linescanConfig(), new PlainScans());
  expect(codesOf(codec.fromHex?.(first) ?? [])).toEqual(['line']);
  expect(codesOf(codec.fromHex?.(Buffer.from([1, 2])) ?? [])).toEqual(['linescan.noise']);
  expect(codesOf(codec.fromHex?.(Buffer.alloc(0)) ?? [])).toEqual(['linescan.noise']);
});

test('scans on end have names of their own', async () => {
  const lines = [...linesOf(sceneOf({ lengthMm: 10 })), ...linesOf(sceneOf({ lengthMm: 10 }))];
  const names = new Set<string>();
  for await (const record of recordsOnEnd(lines, owner.scanner, Math.random)) {
    const decoded = decodeLine(record);
    for (const part of 'parts' in decoded ? decoded.parts : []) names.add((part as Line).scan);
  }
  expect(names.size).toBe(2);
});
