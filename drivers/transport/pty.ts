import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '../faults.ts';
import type { DeviceEnd } from './device-end.ts';

/** For a program to start on a machine that is busy; one that cannot is seen by its end. */
const waitMs = 60_000;
/** A terminal that is closed forgets what was not read yet: what was just sent has so long to be, ms. */
const lingerMs = 200;

/** Makes a pseudo-terminal in raw mode, links it to argv[1], and copies both ways until its input ends. */
const pythonBridge = `
import os, pty, select, sys, tty
master, slave = pty.openpty()
tty.setraw(slave)
os.symlink(os.ttyname(slave), sys.argv[1])
while True:
    for ready in select.select([0, master], [], [])[0]:
        data = os.read(ready, 65536)
        if not data and ready == 0: sys.exit(0)
        os.write(master if ready == 0 else 1, data)
`;

/** socat where it is installed, else Python, which is wherever native modules are built. */
async function spawnBridge(line: string): Promise<ChildProcessWithoutNullStreams> {
  const candidates: [string, string[]][] = [
    ['socat', [`PTY,link=${line},raw,echo=0`, 'STDIO']],
    ['python3', ['-c', pythonBridge, line]],
  ];
  let missing: unknown;
  for (const [program, args] of candidates) {
    const bridge = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    bridge.stderr.resume();
    try {
      await once(bridge, 'spawn');
      return bridge;
    } catch (error) {
      missing = error;
    }
  }
  throw faults.fault('pty.failed', { detail: 'neither socat nor python3 is installed' }, line, missing);
}

/**
 * The device's end of a pseudo-terminal: `address` is what a driver opens as a serial line.
 * Rejects with a Fault when it cannot be made.
 */
export async function openPty(heard: (bytes: Uint8Array) => void, path?: string): Promise<DeviceEnd> {
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'quaywatch-pty-')) : undefined;
  const line = path ?? join(folder ?? '', 'line');
  rmSync(line, { force: true });
  const bridge = await spawnBridge(line);
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    bridge.once('error', (error) => {
      ended = error.message;
      resolve();
    });
    bridge.once('exit', (code, signal) => {
      ended ??= `its bridge ended (${signal ?? code})`;
      resolve();
    });
  });
  bridge.stdin.on('error', () => undefined); // its end is known by the exit
  bridge.stdout.on('data', (bytes: Buffer) => heard(bytes));
  for (let waited = 0; !existsSync(line); waited += 10) {
    if (ended !== undefined || waited > waitMs) {
      bridge.kill('SIGKILL');
      throw faults.fault('pty.failed', { detail: ended ?? 'it took too long' }, line);
    }
    await sleep(10);
  }
  // A driver that closes the line must not end it, as unplugging a computer does not end a receiver.
  const keeper = openSync(line, 'r+');
  let sentMs = Number.NEGATIVE_INFINITY;
  return {
    address: line,
    send(bytes) {
      // Nobody listens: a device does not wait.
      if (bridge.stdin.writableNeedDrain) return;
      sentMs = performance.now();
      bridge.stdin.write(bytes);
    },
    get pending() {
      return bridge.stdin.writableLength;
    },
    hangUp: () => undefined,
    async close() {
      if (performance.now() - sentMs < lingerMs) await sleep(lingerMs);
      closeSync(keeper);
      bridge.kill('SIGTERM');
      await exited;
      rmSync(folder ?? line, { recursive: true, force: true });
    },
  };
}
