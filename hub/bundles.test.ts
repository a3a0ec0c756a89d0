import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { nativeVerifier } from '#firmware-config/ed25519';
import { loadBundle } from '#models/bundle/load';
import { buildLimitMs, builtModels } from '#test/support/built';
import { type BundleParts, lineGolden, writeBundle } from '#test/support/bundles';
import { bundleFolder } from '#test/support/runners';
import { command } from './commands/bundle.ts';
import { openSqliteStore } from './store/sqlite/sqlite.ts';

beforeAll(builtModels, buildLimitMs);

function hub() {
  const data = mkdtempSync(join(tmpdir(), 'qw-hub-'));
  const config = join(data, 'hub.yaml');
  mkdirSync(join(data, 'data'));
  writeFileSync(config, `name: test\ndata: ${join(data, 'data')}\n`);
  const run = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const into = (name: keyof typeof said) =>
      new PassThrough().on('data', (bytes: Buffer) => {
        said[name] += bytes.toString();
      });
    const io = {
      stdin: Readable.from([]),
      stdout: into('out'),
      stderr: into('err'),
      signal: new AbortController().signal,
    };
    const code = await command.run([...args, '--config', config], io);
    return { code, ...said };
  };
  return { data: join(data, 'data'), run };
}

const made = (version = '1.0.0', parts: BundleParts = {}) =>
  writeBundle(bundleFolder(), { ...parts, manifest: { version, ...parts.manifest } });
const wrongGolden = {
  ...lineGolden,
  cases: lineGolden.cases.map((entry) => ({
    ...entry,
    outputs: { y: { dims: [1, 4], values: [9, 9, 9, 9] } },
  })),
};

describe('a hub', () => {
  test('signs what it takes in, with a key that it makes for itself and keeps', async () => {
    const { data, run } = hub();
    const { code, out, err } = await run('import', made());
    expect(code).toBe(0);
    const said = JSON.parse(out) as { folder: string };
    expect(said).toMatchObject({
      id: 'line',
      version: '1.0.0',
      signed: true,
      folder: join(data, 'bundles/line/1.0.0'),
    });
    const key = Buffer.from(/key (\S+)\.$/m.exec(err)?.[1] ?? '', 'base64');
    expect(await loadBundle(said.folder, { verifier: nativeVerifier(key), signedOnly: true })).toMatchObject({
      signed: true,
    });
    expect(statSync(join(data, 'keys/release.key')).mode & 0o777).toBe(0o600);
    const store = openSqliteStore(join(data, 'hub.sqlite'));
    const entries = await store.audit.list(0, 10);
    await store.close();
    expect(entries).toMatchObject([{ action: 'bundle.import', subject: 'line/1.0.0' }]);
    expect((await run('import', made('1.0.1'))).err).toBe(err);
    expect(JSON.parse((await run('list')).out)).toMatchObject({ id: 'line', version: '1.0.1' });
  });

  test.each<[string, string, BundleParts, string]>([
    ['is older', '0.9.0', {}, 'bundle.old'],
    ['has been there', '1.0.0', {}, 'bundle.conflict'],
    ['does not give its golden outputs', '1.1.0', { golden: wrongGolden }, 'bundle.golden'],
  ])('takes nothing in that %s', async (_, version, parts, code) => {
    const { data, run } = hub();
    await run('import', made());
    await expect(run('import', made(version, parts))).rejects.toMatchObject({ problem: { code } });
    expect(readdirSync(join(data, 'bundles/line'))).toEqual(['1.0.0']);
  });

  test('copies what the manifest lists, and nothing beside it', async () => {
    const { data, run } = hub();
    const source = made();
    writeFileSync(join(source, 'secret.txt'), 'not for boxes');
    await run('import', source);
    const files = readdirSync(join(data, 'bundles/line/1.0.0')).sort();
    expect(files).toEqual(['CARD.md', 'bundle.sig', 'bundle.yaml', 'golden.json', 'model.onnx']);
    expect(readFileSync(join(data, 'bundles/line/1.0.0/model.onnx'))).toEqual(
      readFileSync(join(source, 'model.onnx')),
    );
  });
});
