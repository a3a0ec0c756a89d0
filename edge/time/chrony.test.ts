import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemPrograms } from '#firmware-config/provision/programs';
import { until } from '#test/support/quaywatch';
import { type Answer, parseTracking, watchChrony } from './chrony.ts';

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

test('a real chronyd is asked; without it nothing is known', async (context) => {
  const chronyd = systemPrograms.find('chronyd');
  if (!chronyd || process.getuid?.() !== 0)
    return context.skip('chronyd is not installed, or not for this user');
  folder = mkdtempSync(join(tmpdir(), 'chrony-'));
  const socket = join(folder, 'chronyd.sock');
  const config = [
    'local stratum 5',
    'port 0',
    'cmdport 0',
    `bindcmdaddress ${socket}`,
    `pidfile ${folder}/pid`,
    'user root',
  ];
  writeFileSync(join(folder, 'chrony.conf'), `${config.join('\n')}\n`);
  const heard: Answer[] = [];
  const stop = watchChrony({ everyMs: 200, args: ['-h', socket], onAnswer: (one) => heard.push(one) });
  await until(() => heard.length > 0);
  expect(heard[0]).toBe('absent');
  daemon = spawn(chronyd, ['-x', '-d', '-f', join(folder, 'chrony.conf')], { stdio: 'ignore' });
  const tracking = await until(() => heard.find((one) => typeof one === 'object'));
  expect(Math.abs(tracking.offsetMs)).toBeLessThan(1000);
  stop();
  return undefined;
}, 60_000);
