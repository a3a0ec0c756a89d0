import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOfFile } from '#firmware-config/scan-file/read';
import { writeScanFile } from '#firmware-config/scan-file/write';
import { pixels } from '#test/support/scans';
import { until } from '#test/support/until';
import { at, events, group, sampleEvent } from '../store/conformance/samples.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { createFetcher, type Fetcher } from './fetcher.ts';
import { createScanFiles, type ScanFiles } from './files.ts';

const rows = 50;
const limits = { maxBytes: 50_000_000, keepFreeBytes: 0, days: 30 };

let folder: string;
let store: Store;
let refused: string[];
let now: number;
/** Ranges that the box was asked for and has not answered. */
let asked: { scan: string; offset: number; length: number }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quaywatch-fetcher-'));
  store = openSqliteStore(join(folder, 'hub.sqlite'));
  [refused, asked, now] = [[], [], at(0)];
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A scan of box b as its events tell it, wanted; gives the bytes of its file. */
async function announce(scan: string, columns: number, more: object = {}, sequence = 1): Promise<Buffer> {
  const file = join(folder, 'at-the-box');
  const all = pixels(columns * rows, scan);
  const made = await writeScanFile(file, { scan, rows, planes: ['high'] }, async (column, count) =>
    all.subarray(column * rows, (column + count) * rows),
  );
  const facts = { scanner: 'f', rows, planes: ['high'], energiesMv: [6], pixelMm: 4, airLevel: 60_000 };
  const started = new Date(at(sequence)).toISOString();
  const data = { scan, ...facts, started, ended: started, end: 'complete', ...made, ...more };
  const type = 'quaywatch.scan.completed';
  const event = sampleEvent('b', sequence, { type, data, priority: 'verdict' });
  await store.records.append([group('b', events(event), 'verdict')], at(0));
  await store.scans.setCopy('b', scan, 'wanted');
  return readFileSync(file);
}

const filesOf = (more: Partial<typeof limits> = {}): Promise<ScanFiles> =>
  createScanFiles(join(folder, 'scans'), store.scans, { ...limits, ...more });
const start = async (more: Partial<typeof limits> = {}): Promise<Fetcher> => fetching(await filesOf(more));

function fetching(files: ScanFiles): Fetcher {
  return createFetcher({
    store: store.scans,
    files,
    maxScanBytes: 10_000_000,
    now: () => now,
    ask: (_box, range) => {
      asked.push(range);
      return true;
    },
    onChange: () => undefined,
    onRefused: (_box, { code }) => refused.push(code),
    onFailure: (error) => refused.push(String(error)),
  });
}

const copyOf = async (scan: string) => (await store.scans.one('b', scan))?.copy;
const settle = () => new Promise((resolve) => setTimeout(resolve, 2));

/** Answers what was asked for with pieces of some bytes. */
async function answer(fetcher: Fetcher, bytes: Uint8Array, size: number): Promise<void> {
  const range = asked.pop();
  asked = [];
  if (!range) return;
  const end = Math.min(range.offset + range.length, bytes.length);
  for (let offset = range.offset; offset < end; offset += size) {
    const body = bytes.subarray(offset, Math.min(end, offset + size));
    await fetcher.piece('b', { kind: 'piece', scan: range.scan, offset }, body);
  }
}

async function finish(fetcher: Fetcher, bytes: Uint8Array, scan: string): Promise<void> {
  for (let n = 0; n < 200 && (await copyOf(scan)) === 'wanted'; n += 1) {
    fetcher.tick(['b']);
    await settle();
    if (asked.length === 0) now += 11_000;
    await answer(fetcher, bytes, 16_384);
    await settle();
  }
}

const trouble = fc.oneof(
  fc.record({ do: fc.constant('answer' as const), size: fc.integer({ min: 1000, max: 40_000 }) }),
  fc.record({ do: fc.constant('cut' as const), pieces: fc.nat(3) }),
  fc.record({ do: fc.constant('stray' as const), offset: fc.nat(400_000), length: fc.nat(20_000) }),
  fc.constant({ do: 'restart' as const }),
  fc.constant({ do: 'reconnect' as const }),
  fc.constant({ do: 'pending' as const }),
);

test('however a transfer is broken, the bytes are the same in the end and nothing else is written', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(trouble, { maxLength: 25 }), async (steps) => {
      run += 1;
      const scan = `scan-${run}`;
      const bytes = await announce(scan, 2500, {}, run);
      let fetcher = await start();
      for (const step of steps) {
        fetcher.tick(['b']);
        await settle();
        if (step.do === 'answer') await answer(fetcher, bytes, step.size);
        else if (step.do === 'cut')
          await answer(fetcher, bytes.subarray(0, (asked[0]?.offset ?? 0) + step.pieces * 5000), 5000);
        else if (step.do === 'stray')
          await fetcher.piece(
            'b',
            { kind: 'piece', scan, offset: step.offset },
            Buffer.alloc(step.length, 7),
          );
        else if (step.do === 'reconnect') fetcher.wake('b');
        else if (step.do === 'pending')
          await fetcher.noPiece('b', { kind: 'no-piece', scan, reason: 'pending' });
        else {
          await fetcher.close();
          fetcher = await start();
        }
        now += 3000;
      }
      await finish(fetcher, bytes, scan);
      await fetcher.close();
      expect(await copyOf(scan)).toBe('held');
      expect(readFileSync(join(folder, 'scans', 'b', `${scan}.scan`)).equals(bytes)).toBe(true);
    }),
    { numRuns: 20 },
  );
  // A stray piece that fits in place and length is caught by the hash, and the file fetched anew.
  expect(refused.filter((code) => code !== 'scan.hash')).toEqual([]);
});

test('a file that is not what was announced is given up after three tries, and leaves nothing', async () => {
  const bytes = await announce('s', 300, { sha256: 'ab'.repeat(32) });
  const fetcher = await start();
  await finish(fetcher, bytes, 's');
  expect([await copyOf('s'), refused]).toEqual(['gone', ['scan.hash', 'scan.hash', 'scan.hash']]);
  expect(() => readFileSync(join(folder, 'scans', 'b', 's.part'))).toThrow(/ENOENT/);
  await fetcher.close();
});

test('what is right by its hash and no scan is not kept', async () => {
  const junk = Buffer.alloc(5000, 1);
  const { createHash } = await import('node:crypto');
  await announce('s', 3, { bytes: junk.length, sha256: createHash('sha256').update(junk).digest('hex') });
  const fetcher = await start();
  await finish(fetcher, junk, 's');
  expect(await copyOf('s')).toBe('gone');
  await fetcher.close();
});

test('a disk that is full here is said, holds up nothing, and it is tried again', async () => {
  const bytes = await announce('s', 300);
  mkdirSync(join(folder, 'scans', 'b'), { recursive: true });
  const fetcher = await start();
  const part = join(folder, 'scans', 'b', 's.part');
  symlinkSync('/dev/full', part);
  fetcher.tick(['b']);
  await expect.poll(() => asked.length).toBe(1);
  await answer(fetcher, bytes, 5000);
  expect(refused[0]).toContain('ENOSPC');
  rmSync(part);
  now += 11_000;
  await finish(fetcher, bytes, 's');
  expect(await copyOf('s')).toBe('held');
  await fetcher.close();
});

test('what does not fit is refused before a byte is asked for', async () => {
  await announce('s', 3, { bytes: 11_000_000 });
  await announce('t', 3, { bytes: 9_000_000 }, 2);
  const fetcher = await start({ maxBytes: 8_000_000 });
  fetcher.tick(['b']);
  await expect.poll(() => copyOf('t')).toBe('none');
  expect([await copyOf('s'), asked, refused]).toEqual(['none', [], ['scan.tooLarge', 'scan.tooLarge']]);
  await fetcher.close();
});

test('the oldest copies make room for new ones, and what the box has no more is gone', async () => {
  const first = await announce('a', 900, {}, 1);
  const second = await announce('c', 900, {}, 2);
  const fetcher = await start({ maxBytes: first.length + second.length - 1 });
  await finish(fetcher, first, 'a');
  await finish(fetcher, second, 'c');
  expect([await copyOf('a'), await copyOf('c')]).toEqual(['dropped', 'held']);
  expect(await hashOfFile(join(folder, 'scans', 'b', 'c.scan'))).toBe(
    (await store.scans.one('b', 'c'))?.completed?.sha256,
  );
  await announce('d', 3, {}, 3);
  fetcher.tick(['b']);
  await expect.poll(() => asked.length).toBe(1);
  await fetcher.noPiece('b', { kind: 'no-piece', scan: 'd', reason: 'gone' });
  expect(await copyOf('d')).toBe('gone');
  await fetcher.close();
});

test('one that is closed while it opens a file leaves none open', async () => {
  await announce('a', 3);
  const files = await filesOf();
  let opened = () => {};
  const opening = new Promise<void>((done) => {
    opened = done;
  });
  let handle: FileHandle | undefined;
  const fetcher = fetching({
    ...files,
    async openPart(box, scan) {
      handle = await files.openPart(box, scan);
      await opening;
      return handle;
    },
  });
  fetcher.wake('b');
  await until('a file is opened', () => handle !== undefined);
  await fetcher.close();
  opened();
  await until('it is closed', () => handle?.fd === -1);
  expect(asked).toEqual([]);
});
