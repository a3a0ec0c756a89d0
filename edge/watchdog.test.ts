import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '#test/support/until';
import { Progress } from './runner/progress.ts';
import { startWatchdog } from './watchdog.ts';

const here = (program: string) => spawnSync(program, ['-V'], { stdio: 'ignore' }).error === undefined;

let folder: string;
let listener: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qw-notify-'));
});
afterEach(() => {
  listener?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!here('socat') || !here('systemd-notify'))(
  'says on the socket of systemd that it is ready, and then lives as long as data gets through',
  async () => {
    const socket = join(folder, 'notify');
    const child = spawn('socat', ['-u', `UNIX-RECV:${socket}`, 'STDOUT'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    listener = child;
    let heard = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    await until('the socket', () => existsSync(socket));
    let lag = 0;
    const progress = new Progress({
      monotonic: () => performance.now(),
      lagMs: () => lag,
      blocked: () => false,
      flows: () => [],
    });
    process.env.NOTIFY_SOCKET = socket; // systemd-notify reads it too
    try {
      const environment = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '300000' };
      const stop = startWatchdog({ environment, progress });
      await until('ready', () => heard.includes('READY=1'));
      await until('alive', () => heard.includes('WATCHDOG=1'));
      lag = 60_000;
      await until('the reason', () => heard.includes('STATUS=No data gets through'));
      stop();
      await until('stopping', () => heard.includes('STOPPING=1'));
      expect(heard.slice(heard.indexOf('No data gets through'))).not.toContain('WATCHDOG=1');
    } finally {
      delete process.env.NOTIFY_SOCKET;
    }
  },
);

test('says nothing where nobody listens', () => {
  const said: string[] = [];
  const sources = { monotonic: () => 0, lagMs: () => 0, blocked: () => false, flows: () => [] };
  startWatchdog({ environment: {}, progress: new Progress(sources), tell: (state) => said.push(...state) })();
  expect(said).toEqual([]);
});
