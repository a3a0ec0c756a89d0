import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manifestOf } from '#models/empty-container/make/manifest';
import { Kept } from './kept.ts';

const fitted = { calibration: { method: 'none', parameters: {} }, thresholds: { unified: { loaded: 0.5 } } };
const manifest = manifestOf({
  id: 'm',
  steps: '1 step',
  version: '1.0.0',
  scans: 1,
  files: { 'model.onnx': 'a' },
  ...fitted,
});

it('knows again what it found, by model, and leaves out a line that was cut', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qw-kept-'));
  const asked: string[] = [];
  const find = (key: string) => async () => {
    asked.push(key);
    return key.length;
  };
  const first = new Kept<number>(folder, manifest);
  expect([await first.of('a', find('a')), await first.of('bc', find('bc'))]).toEqual([1, 2]);
  const [name = ''] = readdirSync(folder);
  const file = join(folder, name);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -3));
  const second = new Kept<number>(folder, manifest);
  expect([await second.of('a', find('a')), await second.of('bc', find('bc'))]).toEqual([1, 2]);
  const third = new Kept<number>(folder, manifest);
  expect(await third.of('bc', find('bc'))).toBe(2);
  const other = new Kept<number>(folder, { ...manifest, files: { 'model.onnx': 'b' } });
  await other.of('a', find('a'));
  expect(asked).toEqual(['a', 'bc', 'bc', 'a']);
});
