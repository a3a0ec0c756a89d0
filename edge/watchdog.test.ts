import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
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
    } finally {
      delete process.env.NOTIFY_SOCKET;
    }
  },
);

test('is not said to be alive while no data gets through, and is again when it does', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const said: string[] = [];
  let stuck: string | undefined;
  const environment = { NOTIFY_SOCKET: '/nowhere', WATCHDOG_USEC: '300000' };
  const tell = (state: readonly string[]) => said.push(...state);
  const stop = startWatchdog({ environment, progress: { look: () => stuck }, tell });
  const saysIn = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return said.splice(0);
  };
  expect(saysIn(200)).toEqual(['READY=1', 'STATUS=Runs.', 'WATCHDOG=1', 'WATCHDOG=1']);
  stuck = 'late';
  expect(saysIn(300)).toEqual(['STATUS=No data gets through: late']);
  stuck = undefined;
  expect(saysIn(100)).toEqual(['WATCHDOG=1']);
  stop();
  expect(saysIn(1000)).toEqual(['STOPPING=1']);
});

test('says nothing where nobody listens', () => {
  const said: string[] = [];
  const sources = { monotonic: () => 0, lagMs: () => 0, blocked: () => false, flows: () => [] };
  startWatchdog({ environment: {}, progress: new Progress(sources), tell: (state) => said.push(...state) })();
  expect(said).toEqual([]);
});
