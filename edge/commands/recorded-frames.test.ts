import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { writeScanFile } from '#firmware-config/scan-file/write';
import type { FrameMessage } from '#flows/scan';
import { strip } from '#test/support/strips';
import { RecordedFrames } from './recorded-frames.ts';

const root = mkdtempSync(join(tmpdir(), 'quaywatch-frames-'));
afterAll(() => rmSync(root, { recursive: true }));
const [first, second] = [join(root, 'first'), join(root, 'second')];
mkdirSync(first);
mkdirSync(join(second, 'pixels'), { recursive: true });

const rows = 3;
const planes = ['high', 'low'];
const columnSamples = rows * planes.length;
/** A scan of 40 columns in a file that begins with a header of one column. */
const all = Uint16Array.from({ length: 41 * columnSamples }, (_, at) => at * 7);
const columns = (from: number, to: number) =>
  all.subarray((from + 1) * columnSamples, (to + 1) * columnSamples);
const bytesOf = (samples: Uint16Array) => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
writeFileSync(join(second, 'pixels', 'a.u16'), bytesOf(all));

function frame(from: number, width: number, more: Partial<FrameMessage['data']> = {}): FrameMessage {
  const sha256 = createHash('sha256')
    .update(bytesOf(columns(from, from + width)))
    .digest('hex');
  const data = { file: 'pixels/a.u16', offset: (from + 1) * columnSamples * 2, sha256, ...more };
  return strip(0, 2, { frame: { line0: from, width, height: rows, planes, data } });
}
const frames = new RecordedFrames([first, second]);

test('a frame is read with what is before it in its scan, from whichever folder has it', async () => {
  const places = fc.record({ from: fc.nat(30), width: fc.integer({ min: 1, max: 10 }), before: fc.nat(40) });
  await fc.assert(
    fc.asyncProperty(places, async ({ from, width, before }) => {
      const pixels = await frames.read(frame(from, width), before);
      const column0 = Math.max(0, from - before);
      expect(pixels).toMatchObject({ columns: from + width - column0, rows, planes, column0 });
      expect(pixels.samples).toEqual(columns(column0, from + width));
    }),
    { numRuns: 40 },
  );
});

test('a packed scan, as a box keeps it, gives the same', async () => {
  const part = async (column: number, count: number) => columns(column, column + count);
  const shape = { scan: 'scan-1', rows, planes };
  await writeScanFile(join(first, 'a.scan'), shape, async (column, count) =>
    part(column, Math.min(count, 40 - column)),
  );
  const plain = await frames.read(frame(17, 5), 9);
  const packed = await frames.read(frame(17, 5, { file: 'a.scan', offset: 17 * columnSamples * 2 }), 9);
  expect(packed).toEqual(plain);
  const wrong = frame(38, 2, { file: 'a.scan', offset: 39 * columnSamples * 2 });
  await expect(frames.read(wrong)).rejects.toMatchObject({ problem: { code: 'frame.damaged' } });
});

test.each([
  ['frame.missing', frame(3, 4, { file: 'pixels/b.u16' })],
  ['frame.damaged', frame(3, 4, { sha256: '00' })],
  ['frame.damaged', frame(3, 4, { offset: 2 })],
  ['frame.damaged', frame(3, 4, { offset: -8 })],
  ['frame.damaged', frame(3, 4, { offset: 1.5 })],
  ['frame.damaged', frame(3, 4, { offset: 1e6 })],
  ['frame.damaged', { ...frame(3, 4), width: 1e9 }],
  ['frame.damaged', { ...frame(3, 4), height: 0 }],
])('%s', async (code, wrong) => {
  await expect(frames.read(wrong)).rejects.toMatchObject({ problem: { code } });
});
