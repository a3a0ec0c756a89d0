import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeBundle } from '#test/support/bundles';
import { createBundleSource } from './bundle-source.ts';

const root = mkdtempSync(join(tmpdir(), 'bundle-source-'));
afterAll(() => rmSync(root, { recursive: true }));
writeBundle(join(root, 'line', '1.0.0'));
writeFileSync(join(root, 'line', '1.0.0', 'secret'), 'listed nowhere');

const source = createBundleSource({ folder: root, mayHave: (box) => box === 'a' });
const asked = {
  kind: 'bundle-fetch' as const,
  box: 'a',
  id: 'line',
  version: '1.0.0',
  offset: 0,
  length: 10,
};

test('a box that a release names it to gets ranges of its files', async () => {
  const piece = await source.piece({ ...asked, file: 'CARD.md', offset: 2, length: 7 });
  expect(piece).toMatchObject({ bytes: 23, offset: 2 });
  expect(Buffer.from(piece.data, 'base64').toString()).toBe('A model');
  expect(piece.missing).toBeUndefined();
  expect(await source.piece({ ...asked, file: 'CARD.md', offset: 500 })).toMatchObject({
    bytes: 23,
    data: '',
  });
});

test('and no other box, no other file, and none outside', async () => {
  for (const refused of [
    { ...asked, box: 'b', file: 'CARD.md' },
    { ...asked, file: 'secret' },
    { ...asked, file: '../../../etc/passwd' },
    { ...asked, version: '2.0.0', file: 'CARD.md' },
  ]) {
    const piece = await source.piece(refused);
    expect(piece).toMatchObject({ bytes: 0, data: '' });
    expect(piece.missing).toBeTruthy();
  }
});

test('what a release names it by is the hash of its bundle.yaml', async () => {
  expect(await source.named('line', '1.0.0')).toMatchObject({
    manifest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await source.named('line', '1.0.1')).toBeUndefined();
});
