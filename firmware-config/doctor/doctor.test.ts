import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { examine, ok } from './check.ts';
import { machineChecks } from './machine.ts';
import { certificates, databases, reachable, secrets } from './place.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qw-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stateOf = async (check: () => unknown) => (await examine({ it: check as never }))[0]?.state;

function makeDatabase(name: string) {
  const file = join(folder, name);
  const database = new Database(file);
  database.exec('CREATE TABLE t (x TEXT)');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  const fill = database.transaction(() => {
    for (let i = 0; i < 2000; i++) insert.run(`row ${i} ${'x'.repeat(100)}`);
  });
  fill();
  database.close();
  return file;
}

describe('doctor', () => {
  test('this machine passes what a test machine can pass', async () => {
    const findings = await examine(machineChecks(folder));
    expect(findings.filter((f) => f.state === 'fail' && f.check !== 'clock')).toEqual([]);
    expect(findings.map((f) => f.check)).toContain('durable write');
  });

  test('finds a damaged database among whole ones', async () => {
    makeDatabase('whole.db');
    expect(await stateOf(databases(folder))).toBe('ok');
    const file = makeDatabase('box.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 3 * 4096, 6 * 4096);
    writeFileSync(file, bytes);
    expect(await stateOf(databases(folder))).toBe('fail');
  });

  test('finds a key that others may read', async () => {
    const key = join(folder, 'box.key');
    writeFileSync(key, 'secret', { mode: 0o600 });
    expect(await stateOf(secrets(folder))).toBe('ok');
    chmodSync(key, 0o644);
    expect(await stateOf(secrets(folder))).toBe('fail');
  });

  test('says nothing of certificates where there are none', async () => {
    expect(await stateOf(certificates(folder))).toBe('ok');
  });

  test('tells an address that answers from one that does not', async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await stateOf(reachable('broker', `127.0.0.1:${port}`))).toBe('ok');
    await new Promise((resolve) => server.close(resolve));
    expect(await stateOf(reachable('broker', `127.0.0.1:${port}`))).toBe('fail');
  });

  test('a check that throws is a finding and stops no other', async () => {
    const findings = await examine({
      first: () => {
        throw new Error('broke');
      },
      second: () => ok('second', 'fine'),
    });
    expect(findings.map((f) => f.state)).toEqual(['fail', 'ok']);
    expect(findings[0]?.detail).toBe('broke');
  });
});
