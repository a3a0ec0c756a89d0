import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openScanFile } from '#firmware-config/scan-file/read';
import type { Emission } from '#flows/event';
import { ended, frameOf, opened, pixels, type Strip, scanLimits } from '#test/support/scans';
import { Scans, type ScansOptions } from './scans.ts';

let folder: string;
let emissions: Emission[];
let now: number;
const open: Scans[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quaywatch-scans-'));
  emissions = [];
  now = Date.UTC(2026, 0, 1);
});
afterEach(async () => {
  for (const scans of open.splice(0)) await scans.stop();
  rmSync(folder, { recursive: true });
});

function start(limits: Partial<ScansOptions['limits']> = {}): Scans {
  const scans = new Scans({
    folder,
    limits: { ...scanLimits, ...limits },
    now: () => now,
    emit: (emission, committed) => {
      emissions.push(emission);
      committed?.();
    },
  });
  open.push(scans);
  return scans;
}

const types = () => emissions.map(({ type }) => type.split('.')[2]);

/** Writes a scan in strips of some columns; returns its frames. */
function write(scans: Scans, id: string, strips: readonly number[], end = true, rows = 20): Strip[] {
  const writer = scans.open(opened(id, rows));
  let column0 = 0;
  const frames = strips.map((columns, n) => {
    const samples = pixels(columns * rows * 2, `${id}${n}`);
    const frame = frameOf({ scan: id, rows, column0, columns, data: writer.append(samples) });
    column0 += columns;
    return { frame, samples };
  });
  if (end) writer.close('complete', ended);
  return frames;
}

const joined = (frames: readonly Strip[]): number[] => frames.flatMap(({ samples }) => [...samples]);

test('live, closed, packed and after a restart: the same pixels, with what is before them', async () => {
  const scans = start();
  const writer = scans.open(opened('a', 20));
  const samples = pixels(30 * 40, 'x');
  const frame = frameOf({ scan: 'a', rows: 20, column0: 0, columns: 30, data: writer.append(samples) });
  const live = await scans.read(frame);
  expect(live.samples).toEqual(samples);
  expect(live.samples.buffer).toBeInstanceOf(SharedArrayBuffer);
  // Not copied: two readers have the same memory.
  expect((await scans.read(frame)).samples.buffer).toBe(live.samples.buffer);
  const next = frameOf({ scan: 'a', rows: 20, column0: 30, columns: 30, data: writer.append(samples) });
  expect(await scans.read(next, 10)).toMatchObject({ column0: 20, columns: 40, rows: 20 });
  writer.close('complete', ended);
  const check = async (which: Scans) => {
    const read = await which.read(next, 45);
    expect([read.column0, read.columns]).toEqual([0, 60]);
    expect([...read.samples]).toEqual([...samples, ...samples]);
    expect(read.samples.buffer).toBeInstanceOf(SharedArrayBuffer);
  };
  await check(scans);
  await scans.idle();
  expect(readdirSync(join(folder, 'a')).sort()).toEqual(['pixels.scan', 'scan.json']);
  await check(scans);
  await scans.stop();
  await check(start());
  expect(types()).toEqual(['started', 'completed']);
});

test('the event of the end says what the file is and carries a small picture', async () => {
  const scans = start();
  const frames = write(scans, 'a', Array(10).fill(64), true, 300);
  await scans.idle();
  const data = emissions[1]?.data as {
    bytes: number;
    sha256: string;
    thumbnail: { type: string; data: string };
  };
  expect(data).toMatchObject({ scan: 'a', columns: 640, rows: 300, end: 'complete', ...ended });
  const place = scans.place('a');
  expect(place).toMatchObject({ bytes: data.bytes, sha256: data.sha256 });
  const picture = Buffer.from(data.thumbnail.data, 'base64');
  expect(picture.length).toBeLessThanOrEqual(20_000);
  expect(await sharp(picture).metadata()).toMatchObject({ format: 'webp' });
  const file = await openScanFile((place as { file: string }).file);
  expect([...(await file.columns(0, 640))]).toEqual(joined(frames));
  await file.close();
});

test('a scan cut by a kill is whole up to its last append, and closed as cut at the next start', async () => {
  const first = start();
  const frames = write(first, 'a', [5, 6, 7], false);
  // A kill in the middle of an append: pixels without a record, and half a record.
  writeFileSync(join(folder, 'a', 'pixels.raw'), 'half of a strip', { flag: 'a' });
  writeFileSync(join(folder, 'a', 'strips'), 'half', { flag: 'a' });
  emissions = [];
  const second = start();
  await second.idle();
  expect(emissions[0]?.data).toMatchObject({ scan: 'a', end: 'cut', columns: 18 });
  for (const { frame, samples } of frames)
    expect([...(await second.read(frame)).samples]).toEqual([...samples]);
  expect(types()).toEqual(['completed']);
});

test('a record whose pixels did not reach the disk does not count', async () => {
  write(start(), 'a', [5, 6, 7], false);
  truncateSync(join(folder, 'a', 'pixels.raw'), (5 + 6) * 80 + 10);
  const second = start();
  await second.idle();
  expect(emissions.at(-1)?.data).toMatchObject({ end: 'cut', columns: 11 });
});

test('a strip that a power cut left as zeros does not count', async () => {
  write(start(), 'a', [5, 6, 7], false);
  const file = join(folder, 'a', 'pixels.raw');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, 11 * 80 + 4));
  const second = start();
  await second.idle();
  expect(emissions.at(-1)?.data).toMatchObject({ end: 'cut', columns: 11 });
});

test('damage on disk is told by hash, before and after packing', async () => {
  const flip = (name: string, at: number) => {
    const file = join(folder, 'a', name);
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  };
  const scans = start({ memoryBytes: 1 });
  const writer = scans.open(opened('a', 20));
  const samples = pixels(5 * 40, 'x');
  const frames = [0, 5].map((column0) =>
    frameOf({ scan: 'a', rows: 20, column0, columns: 5, data: writer.append(samples) }),
  ) as [Strip['frame'], Strip['frame']];
  write(scans, 'other', [5], false); // takes the memory
  flip('pixels.raw', 7);
  await expect(scans.read(frames[0])).rejects.toMatchObject({ problem: { code: 'frame.damaged' } });
  await expect(scans.read(frames[1], 3)).rejects.toMatchObject({ problem: { code: 'frame.damaged' } });
  expect([...(await scans.read(frames[1])).samples]).toEqual([...samples]);
  flip('pixels.raw', 7);
  writer.close('complete', ended);
  await scans.idle();
  expect([...(await scans.read(frames[1], 3)).samples].slice(3 * 40)).toEqual([...samples]);
  flip('pixels.scan', 40);
  await expect(scans.read(frames[0])).rejects.toMatchObject({ problem: { code: 'frame.damaged' } });
});

test('pixels that are not there are missing, of whatever scan', async () => {
  const scans = start();
  const [strip] = write(scans, 'a', [5]);
  const { frame } = strip as Strip;
  await scans.idle();
  const missing = { problem: { code: 'frame.missing' } };
  await expect(scans.read({ ...frame, scan: 'b' })).rejects.toMatchObject(missing);
  await expect(scans.read({ ...frame, line0: 3 })).rejects.toMatchObject(missing);
  const { scan: _, ...bare } = frame;
  await expect(scans.read(bare)).rejects.toMatchObject(missing);
  await expect(scans.read({ ...frame, height: 21 })).rejects.toMatchObject({
    problem: { code: 'frame.damaged' },
  });
});

test('a disk that fails is announced once, scans are judged from memory, and keeping begins again', async () => {
  const scans = start({ keepFreeBytes: 2 ** 50 });
  const [strip] = write(scans, 'a', [5, 5]);
  const { frame, samples } = strip as Strip;
  expect([...(await scans.read(frame)).samples]).toEqual([...samples]);
  write(scans, 'b', [5]);
  expect(types()).toEqual(['unkept', 'started', 'completed', 'started', 'completed']);
  expect(emissions[2]?.data).toMatchObject({ columns: 0, came: 10 });
  expect(emissions[2]?.data).not.toHaveProperty('sha256');
  expect([scans.place('a'), existsSync(join(folder, 'a')), scans.figures().keeping]).toEqual([
    'gone',
    false,
    false,
  ]);
  await scans.stop();
  rmSync(folder, { recursive: true });
  emissions = [];
  const broken = start();
  rmSync(folder, { recursive: true }); // the folder goes away under it
  write(broken, 'c', [5]);
  expect(emissions[0]?.data).toMatchObject({ state: 'raised', code: 'scan.write' });
  const { mkdirSync } = await import('node:fs');
  mkdirSync(folder);
  write(broken, 'd', [5]);
  await broken.idle();
  expect(emissions.filter(({ type }) => type === 'quaywatch.scan.unkept').at(-1)?.data).toEqual({
    state: 'cleared',
  });
  expect(broken.place('d')).toMatchObject({ bytes: expect.any(Number) });
});

test('names of scans cannot leave the folder', async () => {
  const scans = start();
  const names = ['../evil', 'a/b', '.', 'gone.x', 'x'.repeat(300), 'Ü ber'];
  for (const name of names) write(scans, name, [3]);
  await scans.idle();
  expect(readdirSync(folder).length).toBe(names.length);
  expect(readdirSync(folder).every((name) => name.startsWith('hash.'))).toBe(true);
  await scans.stop();
  const again = start();
  for (const name of names) expect(again.place(name)).toMatchObject({ bytes: expect.any(Number) });
});

test('an identity counts once, shapes are checked', () => {
  const scans = start();
  write(scans, 'a', [3]);
  expect(() => scans.open(opened('a', 20))).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ code: 'scan.exists' }) }),
  );
  const writer = scans.open(opened('b', 20));
  expect(() => writer.append(new Uint16Array(39))).toThrow(/cannot be kept/);
  expect(() => scans.open(opened('c', 0))).toThrow(/cannot be kept/);
});

test('age gives up what is judged, and what nobody judges in time', async () => {
  const scans = start({ days: 1, unjudgedHours: 48 });
  write(scans, 'judged', [3]);
  write(scans, 'unjudged', [3]);
  await scans.idle();
  scans.judged('judged');
  now += 25 * 3_600_000;
  await expect.poll(() => scans.place('judged'), { timeout: 5000 }).toBe('gone');
  expect(scans.place('unjudged')).not.toBe('gone');
  now += 24 * 3_600_000;
  await expect.poll(() => scans.place('unjudged'), { timeout: 5000 }).toBe('gone');
  expect(
    emissions.filter(({ type }) => type === 'quaywatch.scan.evicted').map(({ data }) => data),
  ).toMatchObject([
    { scan: 'judged', reason: 'age' },
    { scan: 'unjudged', reason: 'age' },
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a leaving that was cut short is told again and finished', async () => {
  const scans = start();
  write(scans, 'a', [3]);
  await scans.idle();
  await scans.stop();
  const { renameSync } = await import('node:fs');
  renameSync(join(folder, 'a'), join(folder, 'gone.a'));
  emissions = [];
  expect(start().place('a')).toBe('gone');
  expect([types(), readdirSync(folder)]).toEqual([['evicted'], []]);
});
