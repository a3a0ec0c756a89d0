import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '#flows/fault';
import { buildLimitMs, builtModels } from '#test/support/built';
import { writeThresholdBundle } from '#test/support/threshold-bundle';
import { openModels } from './models.ts';

beforeAll(builtModels, buildLimitMs);
const root = mkdtempSync(join(tmpdir(), 'quaywatch-models-'));
afterAll(() => rmSync(root, { recursive: true }));
writeThresholdBundle(join(root, 'bundles', 'empty-container'));

const frames = { read: () => Promise.reject(new Error('nobody asks')) };
async function opened(folders: readonly string[], allowUnsigned: boolean) {
  const said: Problem[] = [];
  const config = {
    folders: [...folders],
    allowUnsigned,
    providers: ['cpu' as const],
    workers: 1,
    threads: 1,
  };
  const say = (problem: Problem) => void said.push(problem);
  const models = await openModels({
    config,
    released: join(root, 'released'),
    frames,
    releaseKey: undefined,
    say,
  });
  const found = models.models.model('empty-container') !== undefined;
  const health = models.health();
  await models.close();
  return { found, health, codes: said.map(({ code }) => code) };
}

test('a box without folders of bundles loads nothing', async () => {
  expect(await opened([], false)).toEqual({ found: false, health: [], codes: [] });
});

test('bundles that no hub has signed are used where the config allows it, and nowhere else', async () => {
  const bundles = join(root, 'bundles');
  expect(await opened([bundles], true)).toMatchObject({
    found: true,
    health: [{ id: 'empty-container', version: '1.0.0', signed: false, state: 'running', missed: 0 }],
    codes: ['bundle.unsigned'],
  });
  expect(await opened([bundles], false)).toMatchObject({ found: false, codes: ['bundle.signature'] });
});

test('a folder that is not there is told, and the others are used', async () => {
  const done = await opened([join(root, 'nowhere'), join(root, 'bundles')], true);
  expect(done).toMatchObject({ found: true, codes: ['models.folder', 'bundle.unsigned'] });
});
