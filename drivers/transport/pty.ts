import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '../faults.ts';
import type { DeviceEnd } from './device-end.ts';

const waitMs = 5000;

/**
 * The device's end of a pseudo-terminal, made by socat: `address` is what a driver opens as a serial line.
 * Rejects with a Fault when it cannot be made.
 */
export async function openPty(heard: (bytes: Uint8Array) => void, path?: string): Promise<DeviceEnd> {
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'quaywatch-pty-')) : undefined;
  const line = path ?? join(folder ?? '', 'line');
  rmSync(line, { force: true });
  const socat = spawn('socat', [`PTY,link=${line},raw,echo=0`, 'STDIO'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    socat.once('error', (error) => {
      ended = error.message;
      resolve();
    });
    socat.once('exit', (code, signal) => {
      ended ??= `socat ended (${signal ?? code})`;
      resolve();
    });
  });
  socat.stdin.on('error', () => undefined); // its end is known by the exit
  socat.stdout.on('data', (bytes: Buffer) => heard(bytes));
  for (let waited = 0; !existsSync(line); waited += 10) {
    if (ended !== undefined || waited > waitMs) {
      socat.kill('SIGKILL');
      throw faults.fault('pty.failed', { detail: ended ?? 'it took too long' }, line);
    }
    await sleep(10);
  }
  // A driver that closes the line must not end it, as unplugging a computer does not end a receiver.
  const keeper = openSync(line, 'r+');
  return {
    address: line,
    send(bytes) {
      // Nobody listens: a device does not wait.
      if (!socat.stdin.writableNeedDrain) socat.stdin.write(bytes);
    },
    hangUp: () => undefined,
    async close() {
      closeSync(keeper);
      socat.kill('SIGTERM');
      await exited;
      rmSync(folder ?? line, { recursive: true, force: true });
    },
  };
}
