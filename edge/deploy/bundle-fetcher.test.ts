import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BundleFetch, BundlePiece } from '#flows/bundle-wire';
import { sha256Hex } from '#flows/trust/canonical';
import { BundleFetcher } from './bundle-fetcher.ts';

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 3));
const wanted = { id: 'm', version: '1.0.0', file: 'sub/model.onnx', sha256: sha256Hex(content) };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fetcher-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Range = Omit<BundleFetch, 'kind' | 'box'>;
const pieceOf = (of: Buffer, { id, version, file, offset, length }: Range): BundlePiece => ({
  kind: 'bundle-piece',
  id,
  version,
  file,
  offset,
  bytes: of.length,
  data: of.subarray(offset, offset + length).toString('base64'),
});

/** A fetcher whose hub answers as told; what it was asked for. */
function opened(answer: (range: Range, asked: number) => BundlePiece | undefined) {
  const asked: Range[] = [];
  const fetcher: BundleFetcher = new BundleFetcher({
    monotonic: () => performance.now(),
    ask(range) {
      asked.push(range);
      const piece = answer(range, asked.length);
      if (!piece) return false;
      setImmediate(() => fetcher.take(piece));
      return true;
    },
  });
  const fetch = (signal = new AbortController().signal, grown: number[] = []) =>
    fetcher.fetch(wanted, folder, signal, (bytes) => grown.push(bytes));
  return { asked, fetch };
}

test('a file comes in ranges, and is whole', async () => {
  const { fetch, asked } = opened((range) => pieceOf(content, range));
  const grown: number[] = [];
  const at = await fetch(undefined, grown);
  expect(readFileSync(at).equals(content)).toBe(true);
  expect(asked.map(({ offset }) => offset)[0]).toBe(0);
  expect(asked.length).toBeGreaterThan(1);
  expect(grown.at(-1)).toBe(content.length);
});

test('after a break it goes on where it was, and asks for nothing that is whole', async () => {
  const stop = new AbortController();
  const cut = opened((range, n) => {
    if (n === 2) stop.abort();
    return n > 1 ? undefined : pieceOf(content, range);
  });
  await expect(cut.fetch(stop.signal)).rejects.toThrow();
  const next = opened((range) => pieceOf(content, range));
  const at = await next.fetch();
  expect(next.asked[0]?.offset).toBe(65_536);
  expect(readFileSync(at).equals(content)).toBe(true);
  const again = opened(() => undefined);
  expect(await again.fetch()).toBe(at);
  expect(again.asked).toEqual([]);
});

test('a link that is away is waited for', async () => {
  const { fetch, asked } = opened((range, n) => (n === 1 ? undefined : pieceOf(content, range)));
  await fetch();
  expect(asked.slice(0, 2).map(({ offset }) => offset)).toEqual([0, 0]);
});

test('a beginning that a break has damaged is fetched anew; a file that is another is refused and not kept', async () => {
  const { fetch } = opened((range) => pieceOf(content, range));
  const at = await fetch();
  const damaged = Buffer.from(content.subarray(0, 100_000));
  damaged[5] = 0xff;
  writeFileSync(at, damaged);
  expect(readFileSync(await fetch()).equals(content)).toBe(true);
  rmSync(at);
  const other = Buffer.from(content);
  other[77] = (other[77] ?? 0) ^ 1;
  const wrong = opened((range) => pieceOf(other, range));
  await expect(wrong.fetch()).rejects.toMatchObject({ problem: { code: 'bundle.damaged' } });
  expect(() => readFileSync(at)).toThrow(/ENOENT/);
  expect(wrong.asked.filter(({ offset }) => offset === 0)).toHaveLength(2);
});

test('what the hub has not is said at once', async () => {
  const { fetch } = opened((range) => ({ ...pieceOf(content, range), data: '', bytes: 0, missing: 'gone' }));
  await expect(fetch()).rejects.toMatchObject({ problem: { code: 'bundle.unavailable' } });
});
