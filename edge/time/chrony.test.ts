import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemPrograms } from '#firmware-config/provision/programs';
import { until } from '#test/support/quaywatch';
import { type Answer, parseTracking, watchChrony } from './chrony.ts';
import { keepTime } from './keep.ts';

test.each([
  ['C0000201,192.0.2.1,2,1795000000.1,-0.250000000,0.1,0.1,1.2,0.0,0.1,0.01,0.001,64.0,Normal', 250],
  ['C0000201,192.0.2.1,2,1795000000.1,1.500000000,0.1,0.1,1.2,0.0,0.1,0.01,0.001,64.0,Normal', -1500],
])('a line of tracking tells how far the clock is ahead', (line, offsetMs) => {
  expect(parseTracking(`${line}\n`)).toEqual({ offsetMs });
});

test.each([
  ['no synchronisation', '00000000,,0,0.0,0.000000000,0,0,0,0,0,1,1,0.0,Not synchronised'],
  ['a daemon that is not there', '506 Cannot talk to daemon'],
  ['nothing', ''],
])('%s tells nothing', (_, line) => expect(parseTracking(line)).toBeUndefined());

let daemon: ChildProcess | undefined;
let folder: string | undefined;
afterEach(() => {
  daemon?.kill('SIGKILL');
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const chronyd = process.getuid?.() === 0 ? systemPrograms.find('chronyd') : undefined;

/** A chronyd that has no server; with `local` it takes its own clock for the time, else it knows none. */
function startChronyd(at: string, socket: string, local: boolean): void {
  const config = [
    ...(local ? ['local stratum 5'] : []),
    'port 0',
    'cmdport 0',
    `bindcmdaddress ${socket}`,
    `pidfile ${at}/pid`,
    'user root',
  ];
  writeFileSync(join(at, 'chrony.conf'), `${config.join('\n')}\n`);
  daemon = spawn(chronyd ?? '', ['-x', '-d', '-f', join(at, 'chrony.conf')], { stdio: 'ignore' });
}

test('a real chronyd is asked; without it nothing is known', async (context) => {
  if (!chronyd) return context.skip('chronyd is not installed, or not for this user');
  folder = mkdtempSync(join(tmpdir(), 'chrony-'));
  const socket = join(folder, 'chronyd.sock');
  const heard: Answer[] = [];
  const stop = watchChrony({ everyMs: 200, args: ['-h', socket], onAnswer: (one) => heard.push(one) });
  await until(() => heard.length > 0);
  expect(heard[0]).toBe('absent');
  startChronyd(folder, socket, true);
  const tracking = await until(() => heard.find((one) => typeof one === 'object'));
  expect(Math.abs(tracking.offsetMs)).toBeLessThan(1000);
  stop();
  return undefined;
}, 60_000);

test('while a real chronyd does not know the time, certificates are held against the last one that was known', async (context) => {
  if (!chronyd) return context.skip('chronyd is not installed, or not for this user');
  folder = mkdtempSync(join(tmpdir(), 'chrony-'));
  const socket = join(folder, 'chronyd.sock');
  const { asOf, stop } = keepTime(folder, undefined, { everyMs: 200, args: ['-h', socket] });
  expect(asOf()).toBeUndefined();
  startChronyd(folder, socket, false);
  await until(() => asOf() !== undefined);
  expect(asOf()).toBeLessThanOrEqual(Date.now());
  daemon?.kill('SIGKILL');
  await until(() => asOf() === undefined);
  stop();
  return undefined;
}, 60_000);
