import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '#flows/fault';
import { sha256Hex } from '#flows/trust/canonical';
import { buildLimitMs, builtModels } from '#test/support/built';
import { writeThresholdBundle } from '#test/support/threshold-bundle';
import { openModels } from './models.ts';
import { oreModels } from './ore.ts';

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
  const found = models.resources.models.model('empty-container') !== undefined;
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

/** A copy of the repository's tables of ore as another version, with what is asked for done to them. */
function tablesAs(version: string, change: (text: string) => string = (text) => text): string {
  const folder = join(root, `iron-ore-${version}`);
  cpSync('models/iron-ore', folder, { recursive: true });
  const [manifest, tables] = [join(folder, 'bundle.yaml'), join(folder, 'tables.json')];
  const [before, after] = [readFileSync(tables, 'utf8'), change(readFileSync(tables, 'utf8'))];
  writeFileSync(tables, after);
  const said = readFileSync(manifest, 'utf8')
    .replace(/^version: .*$/m, `version: ${version}`)
    .replace(sha256Hex(before), sha256Hex(after));
  writeFileSync(manifest, said);
  return folder;
}

test('tables of ore in a newer bundle judge from then on, and those that are wrong or older do not', async () => {
  const said: Problem[] = [];
  const models = await openModels({
    config: { folders: [], allowUnsigned: true, providers: ['cpu'], workers: 1, threads: 1 },
    released: join(root, 'released'),
    frames,
    releaseKey: undefined,
    say: (problem) => void said.push(problem),
  });
  const ore = oreModels(frames, models.tables);
  const shipped = ore.ore('ore-slag')?.version;
  await models.use(tablesAs('9.1.0'));
  expect(ore.ore('ore-slag')).toMatchObject({ version: '9.1.0', signed: false });
  expect(ore.ore('ore-inclusion')?.version).toBe('9.1.0');
  expect(models.health()).toMatchObject([{ id: 'iron-ore', version: '9.1.0', state: 'running' }]);
  // Another number in the tables than the golden outputs were taken of.
  const wrong = tablesAs('9.2.0', (text) => text.replace(/"values": \[\s*[\d.]+/, '"values": [ 1'));
  await expect(models.use(wrong)).rejects.toMatchObject({ problem: { code: 'bundle.golden' } });
  await expect(models.use(tablesAs('9.0.9'))).rejects.toMatchObject({ problem: { code: 'bundle.old' } });
  expect(ore.ore('ore-slag')?.version).toBe('9.1.0');
  expect(shipped).toMatch(/^0\./);
  expect(said.map(({ code }) => code)).toEqual(['bundle.unsigned']);
  await models.close();
});
