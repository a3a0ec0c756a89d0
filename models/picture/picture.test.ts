import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanOf } from '#flows/scan';
import { sampleAt, writePhotograph, writePicture } from '#test/support/pictures';
import { decodeThrough, pictureFacts, readPlanes } from './read.ts';
import { missing, pictureScan } from './scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'qw-pictures-'));
const size = { columns: 70, rows: 3 };
const said = { pixelMm: 5, energiesMv: [6, 4], airLevel: 60_000 };

describe('a picture', () => {
  test.each([
    ['16-bit PNG', 'a.png', {}, 1],
    ['16-bit TIFF of two samples', 'b.tif', { bands: 2 }, 2],
    ['16-bit TIFF of two pages', 'c.tif', { pages: 2 }, 2],
    ['16-bit PNG of two samples', 'd.png', { bands: 2 }, 2],
  ])('is read to the sample: %s', async (_, name, shape, planes) => {
    const file = await writePicture(folder, name, size, shape);
    const facts = await pictureFacts(file);
    expect(facts).toMatchObject({ ...size, bits: 16, planes });
    const read = await readPlanes(file, facts);
    expect(read).toHaveLength(planes);
    for (const [plane, samples] of read.entries()) {
      expect([...samples]).toEqual(
        Array.from({ length: 210 }, (_, at) => sampleAt(at % 70, Math.floor(at / 70), plane)),
      );
    }
  });

  test('of 8 bits is spread over 16', async () => {
    const file = await writePicture(folder, 'e.png', { columns: 4, rows: 1 }, { bits: 8 });
    expect([...((await readPlanes(file, await pictureFacts(file)))[0] ?? [])]).toEqual([0, 257, 514, 771]);
  });

  test('in colour counts as its grey values', async () => {
    const file = await writePhotograph(folder, 'f.jpg', { columns: 20, rows: 10 });
    const facts = await pictureFacts(file);
    expect(facts).toMatchObject({ format: 'jpeg', colour: true, planes: 1, bits: 8 });
    expect(new Set((await readPlanes(file, facts))[0])).toEqual(new Set([100 * 257]));
    expect(missing(facts, said)).toEqual([
      'air level 60000 is above what 8 bits hold',
      '2 energies were given for 1 plane',
      'one plane: it is no dual-energy scan',
    ]);
  });

  test.each<[string, (file: string) => void, RegExp]>([
    ['is empty', (file) => writeFileSync(file, ''), /it is empty/],
    ['is none', (file) => writeFileSync(file, 'no picture at all'), /unsupported image format/],
    [
      'is another format',
      (file) => writeFileSync(file, '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'),
      /svg is not taken/,
    ],
    ['was cut', (file) => truncateSync(file, 300), /./],
  ])('that %s is refused with words', async (_, spoil, detail) => {
    const file = await writePicture(folder, 'g.png', { columns: 300, rows: 200 });
    spoil(file);
    const look = pictureFacts(file).then((facts) => decodeThrough(file, facts));
    await expect(look).rejects.toMatchObject({
      problem: { code: 'picture.unreadable', at: file, message: expect.stringMatching(detail) },
    });
  });

  test('that says it is enormous is refused before it is decoded', async () => {
    const bytes = readFileSync(await writePicture(folder, 'h.png', size));
    bytes.writeUInt32BE(0x00ffffff, 16);
    bytes.writeUInt32BE(0x00ffffff, 20);
    const file = join(folder, 'huge.png');
    writeFileSync(file, bytes);
    await expect(pictureFacts(file)).rejects.toMatchObject({ problem: { at: file } });
  });

  test('becomes the strips of a scan: columns, in them planes, in them rows', async () => {
    const file = await writePicture(folder, 'i.tif', size, { pages: 2 });
    const facts = await pictureFacts(file);
    const { frames, source } = pictureScan('i', facts, await readPlanes(file, facts), said);
    expect(frames.map(({ line0, width }) => [line0, width])).toEqual([
      [0, 32],
      [32, 32],
      [64, 6],
    ]);
    expect(frames.map((frame) => scanOf(frame)?.last)).toEqual([false, false, true]);
    const [, second] = frames;
    if (!second) throw new Error('no second strip');
    const { samples, columns, column0 } = await source.read(second, 10);
    expect([columns, column0]).toEqual([42, 22]);
    expect([...samples.subarray(0, 6)]).toEqual(
      [0, 1].flatMap((plane) => [0, 1, 2].map((row) => sampleAt(22, row, plane))),
    );
    expect(samples.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test.each([
    [{}, ['calibration missing', 'energies missing', 'pixel size missing']],
    [{ ...said, energiesMv: [6] }, ['1 energies were given for 2 planes']],
    [said, []],
  ])('of two planes with %j said of it lacks %j', async (given, reasons) => {
    const facts = await pictureFacts(await writePicture(folder, 'j.tif', size, { pages: 2 }));
    expect(missing(facts, given).map((reason) => reason.split(':')[0]?.split(' (')[0])).toEqual(reasons);
  });
});
