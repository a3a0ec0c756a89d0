import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { collection, line, streets } from '#test/support/roads';
import { runCommand } from '#test/support/running-command';
import { command as simulate } from '../simulate.ts';
import { simulateTraffic } from './traffic.ts';

const folder = mkdtempSync(join(tmpdir(), 'quaywatch-traffic-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const roads = join(folder, 'roads.geojson');
writeFileSync(roads, JSON.stringify(streets(4)));

async function run(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const out = text(stdout);
  const io = { stdin: Readable.from([]), stdout, stderr, signal: new AbortController().signal };
  const code = await simulateTraffic(['--roads', roads, '--duration', '600', '--trucks', '12', ...args], io);
  stdout.end();
  return { code, out: await out };
}

describe('simulate traffic', () => {
  test('gives the same bytes for the same seed, and the truth in a file of its own', async () => {
    const truth = join(folder, 'truth.ndjson');
    const first = await run('--seed', '7', '--truth', truth);
    expect(first.code).toBe(0);
    expect((await run('--seed', '7')).out).toBe(first.out);
    expect((await run('--seed', '8')).out).not.toBe(first.out);
    const rows = first.out.trimEnd().split('\n');
    expect(rows.length).toBeGreaterThan(500);
    expect(JSON.parse(rows[0] ?? '')).toMatchObject({ kind: 'position', fix: true, quality: 'good' });
    const kinds = readFileSync(truth, 'utf8')
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row).kind as string);
    expect(kinds).toContain('convoy');
  });

  test('says what is wrong with a call, and with roads that nobody can drive on', async () => {
    await expect(run('--trucks', 'many')).rejects.toThrow('--trucks is a number');
    await expect(run('--start', 'now')).rejects.toThrow('--start');
    const dead = join(folder, 'dead.geojson');
    const oneway = line(
      'a',
      [
        [0, 0],
        [0.01, 0],
      ],
      { oneway: 'yes' },
    ); // prettier-ignore
    writeFileSync(dead, JSON.stringify(collection([oneway])));
    await expect(run('--roads', dead)).rejects.toThrow('Nothing can drive on');
  });

  test('ends when it is told to, also where nobody listens', async () => {
    const args = ['traffic', '--roads', roads, '--trucks', '2', '--ships', '0', '--duration', '600'];
    // Port 1 of the loopback: nothing is there.
    const running = runCommand(simulate, [...args, '--connect', '127.0.0.1:1']);
    await sleep(500);
    running.stop();
    expect(await running.code).toBe(0);
  });
});
