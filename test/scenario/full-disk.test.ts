import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runBox } from '#edge/main';
import { number, onceEach } from '#test/support/box';

let folder: string;
let mounted = false;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
  mkdirSync(join(folder, 'disk'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', join(folder, 'disk')], {
      stdio: 'ignore',
    });
    mounted = true;
  } catch {
    mounted = false;
  }
});
afterEach(() => {
  if (mounted) execFileSync('umount', ['-l', join(folder, 'disk')]);
  rmSync(folder, { recursive: true, force: true });
});

/** Others take what is left, to the last block. */
function fill(): void {
  const handle = openSync(join(folder, 'disk', 'others'), 'a');
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096, 1));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(handle);
  }
}

/** Runs the box while `work` lasts, with a device at it. */
async function withBox(work: (publish: (value: number) => Promise<unknown>) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let ready: (port: number) => void = () => undefined;
  const port = new Promise<number>((resolve) => {
    ready = resolve;
  });
  const ended = runBox(join(folder, 'box.json'), {
    signal: stop.signal,
    onReady: (line) => ready(Number(/devices publish to port (\d+)/.exec(line)?.[1])),
    onProblem: () => undefined,
  });
  const url = `mqtt://127.0.0.1:${await Promise.race([port, ended.then(() => 0)])}`;
  const device = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
  try {
    await work((value) => device.publishAsync('numbers/a', number(value), { qos: 1 }));
  } finally {
    device.end(true);
    stop.abort();
    await ended;
  }
}

test('a box starts on a disk without a free block, and writes what may not be lost into its reserve', async (context) => {
  if (!mounted) return context.skip('this user may not mount a disk of its own');
  writeFileSync(join(folder, 'flow.json'), JSON.stringify(onceEach()));
  const outbox = {
    maxBytes: 4_000_000,
    reserveBytes: 4_000_000,
    stopFreeBytes: 4_000_000,
    resumeFreeBytes: 8_000_000,
  };
  const config = {
    name: 'b',
    data: 'disk/data',
    http: '127.0.0.1:0',
    broker: { listen: '127.0.0.1:0' },
    flows: ['flow.json'],
    outbox,
  };
  writeFileSync(join(folder, 'box.json'), JSON.stringify(config));
  await withBox((publish) => publish(1).then(() => undefined));
  fill();
  await withBox((publish) => publish(2).then(() => undefined));
  fill();
  // The reserve is used up. It cannot even open its files now: it says so, and starts when there is room.
  await expect(withBox(async () => undefined)).rejects.toMatchObject({
    problem: { code: 'data.unwritable', message: expect.stringContaining('disk') },
  });
  rmSync(join(folder, 'disk', 'others'));
  await withBox((publish) => publish(3).then(() => undefined));
  return undefined;
}, 60_000);
