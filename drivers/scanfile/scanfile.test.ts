import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FrameMessage, scanOf } from '#flows/scan';
import { decodeAll } from '#test/support/decode-all';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DriverEntry } from '../driver.ts';
import { PlainScans } from '../transport/plain-scans.ts';
import { type ScanfileConfig, scanfileAbout } from './config.ts';
import { writeContainer } from './container/write.ts';
import { scanfile } from './driver.ts';
import { exampleScan } from './example.ts';
import { readTiff } from './tiff/tiff.ts';
import { isProblem } from './whole.ts';

const limits = { maxSamples: 1_000_000 };
const frames = join(import.meta.dirname, 'frames');

function folderOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `scanfile-${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function configOf(given: Record<string, unknown>): ScanfileConfig {
  const checked = checkConfig(scanfileAbout as unknown as DriverEntry, given, true);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.config as ScanfileConfig;
}

const decode = (bytes: Uint8Array, given: Record<string, unknown> = {}, scans = new PlainScans()) => {
  const config = configOf(given);
  if (!scanfile.codec) throw new Error('no codec');
  return decodeAll(scanfile.codec(config, scans), [bytes]);
};

function watched(given: Record<string, unknown>, world = new DeviceWorld()) {
  const folder = typeof given.folder === 'string' ? given.folder : folderOf('drop');
  const session = scanfile.open(configOf({ settleSeconds: 0.2, ...given, folder }), world.environment);
  session.start();
  onTestFinished(() => session.stop());
  const filed = (to: string) => (existsSync(join(folder, to)) ? readdirSync(join(folder, to)) : []);
  return { folder, world, session, filed };
}

const framesIn = (world: DeviceWorld) => world.messages.filter((message) => message.kind === 'frame');

describe('TIFF', () => {
  const width = 37;
  const height = 29;
  const samples = Uint16Array.from({ length: width * height }, (_, i) => (i * 7919) % 65_536);
  const smooth = Uint16Array.from({ length: width * height }, (_, i) => 20_000 + (i % width) * 9);
  const written: [string, Parameters<ReturnType<typeof sharp>['tiff']>[0]][] = [
    ['none', { compression: 'none' }],
    ['lzw', { compression: 'lzw', predictor: 'none' }],
    ['lzw, predicted', { compression: 'lzw', predictor: 'horizontal' }],
    ['deflate, predicted', { compression: 'deflate', predictor: 'horizontal' }],
    ['packbits', { compression: 'packbits' }],
    ['tiles', { compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }],
  ];
  test.each(written)('as libvips writes it: %s', async (_, options) => {
    for (const pixels of [samples, smooth]) {
      const tiff = await sharp(pixels, { raw: { width, height, channels: 1 } })
        .toColourspace('grey16')
        .tiff(options)
        .toBuffer();
      const read = readTiff(new Uint8Array(tiff), limits);
      if (isProblem(read)) throw new Error(read.message);
      expect([read.width, read.height, read.bits]).toEqual([width, height, 16]);
      expect(read.slices[0]?.map((plane) => plane.samples)).toEqual([pixels]);
    }
  });

  test('LZW over more codes than its table holds', async () => {
    const pixels = Uint16Array.from({ length: 300 * 200 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 16);
    const tiff = await sharp(pixels, { raw: { width: 300, height: 200, channels: 1 } })
      .toColourspace('grey16')
      .tiff({ compression: 'lzw', predictor: 'none' })
      .toBuffer();
    const read = readTiff(new Uint8Array(tiff), limits);
    expect(isProblem(read) ? read : read.slices[0]?.[0]?.samples).toEqual(pixels);
  });

  test('colours and larger pictures than allowed are refused', async () => {
    const rgb = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#123456' } })
      .tiff()
      .toBuffer();
    expect(decode(rgb).codes).toEqual(['scanfile.kind']);
    const bytes = readFileSync(join(frames, 'two-pages.tif'));
    expect(decode(bytes, { maxSamples: 1000, facts: {} }).codes).toEqual([]);
    expect(readTiff(bytes, { maxSamples: 59 })).toMatchObject({ code: 'scanfile.toolarge' });
    expect(isProblem(readTiff(bytes, { maxSamples: 60 }))).toBe(false);
  });

  test('a strip that unpacks to more than it should is refused, and nothing of it is kept', () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    const fields = [256, 257, 258, 259, 262, 273, 278, 279].map((tag, i) => {
      const values = [64, 64, 16, 8, 1, 8, 64, bomb.length];
      const entry = Buffer.alloc(12);
      entry.writeUInt16LE(tag, 0);
      entry.writeUInt16LE(4, 2);
      entry.writeUInt32LE(1, 4);
      entry.writeUInt32LE(values[i] as number, 8);
      return entry;
    });
    const head = Buffer.alloc(8);
    head.write('II*\0', 'latin1');
    head.writeUInt32LE(8 + bomb.length, 4);
    const file = Buffer.concat([head, bomb, Buffer.from([8, 0]), ...fields, Buffer.alloc(4)]);
    expect(decode(file).codes).toEqual(['scanfile.form']);
  });
});

test('DICOM whose samples are packed, or unpacked without bound, is refused', () => {
  const ct = readFileSync(join(frames, 'ct.dcm'));
  for (const [syntax, code] of [
    ['1.2.840.10008.1.2.1.99', 'scanfile.kind'],
    ['1.2.840.10008.1.2.4.90', 'scanfile.kind'],
  ] as const) {
    const at = ct.indexOf('1.2.840.10008.1.2.1\0', 'latin1');
    const longer = Buffer.from(syntax.length % 2 ? `${syntax}\0` : syntax);
    const other = Buffer.concat([ct.subarray(0, at), longer, ct.subarray(at + 20)]);
    other.writeUInt16LE(longer.length, at - 2);
    other.writeUInt32LE(ct.readUInt32LE(140) + longer.length - 20, 140);
    expect(decode(other).codes).toEqual([code]);
  }
  expect(decode(ct.subarray(0, ct.length - 20)).codes).toEqual([expect.stringMatching(/^scanfile\./)]);
});

test('a container gives what was written into it, and one wrong byte gives nothing', () => {
  const plane = fc.uint8Array({ minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(plane, plane, fc.nat(), (high, low, place) => {
      const wide = Uint16Array.from(high, (value) => value * 257);
      const file = writeContainer({ width: 6, height: 5, facts: { scan: 's', airLevel: [60_000] } }, [
        { name: 'high', kind: 'intensity', samples: wide },
        { name: 'low', kind: 'intensity', samples: low },
      ]);
      const folder = mkdtempSync(join(tmpdir(), 'container-'));
      const { messages, codes } = decode(file, {}, new PlainScans(folder));
      expect(codes).toEqual([]);
      const stored = readFileSync(join(folder, 's.u16'));
      rmSync(folder, { recursive: true });
      for (let x = 0; x < 6; x++)
        for (let y = 0; y < 5; y++) {
          expect(stored.readUInt16LE((x * 10 + y) * 2)).toBe(wide[y * 6 + x]);
          expect(stored.readUInt16LE((x * 10 + 5 + y) * 2)).toBe(low[y * 6 + x]);
        }
      expect((messages[0] as FrameMessage).attributes.scan).toMatchObject({ calibration: 'missing' });
      const at = file.length - 1 - (place % 90);
      file[at] = (file[at] as number) ^ 1;
      expect(decode(file)).toEqual({ messages: [], codes: ['scanfile.digest'] });
    }),
    { numRuns: 30 },
  );
});

test('only what is known in full, and said to be good, is calibrated', () => {
  const bytes = readFileSync(join(frames, 'vendor.raw'));
  const raw = { headerBytes: 7, width: 4, endian: 'big', bits: 12, planes: 2, interleave: 'line' };
  const all = { energiesMv: [6, 4], pixelMm: 5, airLevel: [4000], calibration: 'good' };
  const calibration = (facts: object) => {
    const [first] = decode(bytes, { raw, facts }).messages as FrameMessage[];
    return [first && scanOf(first)?.calibration, first?.quality];
  };
  expect(calibration(all)).toEqual(['good', 'good']);
  for (const key of Object.keys(all)) {
    const { [key as keyof typeof all]: _, ...rest } = all;
    expect(calibration(rest)).toEqual(['missing', 'bad']);
  }
  expect(calibration({ ...all, energiesMv: [6] })).toEqual(['missing', 'bad']);
  expect(decode(bytes, { raw, facts: { ...all, airLevel: [10], darkLevel: [10] } }).codes).toEqual([
    'scanfile.facts',
  ]);
});

describe('a watched folder', () => {
  test('a bad file fails and stops nothing; what is being written is left alone; all that is good is done', async () => {
    const { folder, world, filed } = watched({});
    writeFileSync(join(folder, 'a.qwscan'), exampleScan(1, 1e12).subarray(0, 4000));
    writeFileSync(join(folder, 'b.tif'), 'II*\0 and nothing of a TIFF');
    writeFileSync(join(folder, 'c.qwscan'), exampleScan(2, 1e12));
    writeFileSync(join(folder, '.d.qwscan.part'), exampleScan(3, 1e12));
    writeFileSync(join(folder, '.e.qwscan'), exampleScan(4, 1e12));
    writeFileSync(join(folder, 'notes.txt'), 'no scan');
    await until(
      'two failed and one is done',
      () => filed('failed').length === 2 && filed('done').length === 1,
    );
    expect(world.codes()).toEqual(['scanfile.cut', 'scanfile.cut']);
    expect(framesIn(world).map(({ scan, width }) => [scan, width])).toEqual([
      ['drawn-1000000000000-2', 64],
      ['drawn-1000000000000-2', 32],
    ]);
    expect(readdirSync(folder).sort()).toEqual([
      '.d.qwscan.part',
      '.e.qwscan',
      'done',
      'failed',
      'notes.txt',
    ]);
  });

  test('a file that grows slowly is read once it is whole', async () => {
    const { folder, world, filed } = watched({ settleSeconds: 3 });
    const file = exampleScan(4, 1e12);
    for (let at = 0; at < file.length; at += 5000) {
      writeFileSync(join(folder, 'slow.qwscan'), file.subarray(at, at + 5000), { flag: 'a' });
      await sleep(100);
      if (at + 5000 < file.length) expect(world.messages).toEqual([]);
    }
    await until('it is done', () => filed('done').length === 1);
    expect(world.codes()).toEqual([]);
    expect(framesIn(world)).toHaveLength(2);
  });

  test('a side-car is waited for, told from the scan, and moved with it', async () => {
    const { folder, world, filed } = watched({ sideCarSeconds: 30, raw: { width: 8 } });
    writeFileSync(join(folder, 'a.raw'), Buffer.alloc(64, 1));
    writeFileSync(join(folder, 'b.raw'), Buffer.alloc(64, 2));
    writeFileSync(join(folder, 'b.json'), '{"pixelMm": -1}');
    await until('the wrong one failed', () => filed('failed').length === 2);
    expect(world.messages).toEqual([]);
    writeFileSync(
      join(folder, 'a.raw.json'),
      JSON.stringify({ scan: 'with-facts', pixelMm: 4, planes: ['low'] }),
    );
    await until('it is done', () => filed('done').length === 2);
    expect(framesIn(world).map(({ scan, planes }) => [scan, planes])).toEqual([['with-facts', ['low']]]);
    expect(world.codes()).toEqual(['scanfile.facts']);
  });

  test('what was not committed is read again after a crash', async () => {
    const first = watched({}, new DeviceWorld({ commits: false, timing: { drainMs: 50 } }));
    writeFileSync(join(first.folder, 'a.qwscan'), exampleScan(5, 1e12));
    await until('it was read', () => first.world.messages.length === 2);
    await sleep(100);
    expect(first.filed('done')).toEqual([]);
    const second = watched({ folder: first.folder });
    await until('it is done', () => second.filed('done').length === 1);
    expect(framesIn(second.world)).toEqual(
      framesIn(first.world).map((frame) => ({ ...frame, received: expect.any(String) })),
    );
  });

  const server = '/usr/lib/openssh/sftp-server';
  test.runIf(existsSync(server))('files that an SFTP server writes', async () => {
    const { folder, world, filed } = watched({ settleSeconds: 0.5 });
    const local = folderOf('local');
    for (const turn of [1, 2]) writeFileSync(join(local, `${turn}.qwscan`), exampleScan(turn, 2e12));
    // One put in place, one under another name and renamed, as careful clients do.
    writeFileSync(
      join(local, 'batch'),
      `put ${local}/1.qwscan ${folder}/1.qwscan\nput ${local}/2.qwscan ${folder}/2.part\nrename ${folder}/2.part ${folder}/2.qwscan\n`,
    );
    execFileSync('sftp', ['-q', '-D', server, '-b', join(local, 'batch')], { stdio: 'pipe' });
    await until('both are done', () => filed('done').length === 2);
    expect(world.codes()).toEqual([]);
    expect(framesIn(world).map(({ scan }) => scan)).toEqual(
      ['1', '1', '2', '2'].map((turn) => `drawn-2000000000000-${turn}`),
    );
  });
});
