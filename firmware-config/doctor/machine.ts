import { execFile } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Check, fail, ok, warn } from './check.ts';

const run = promisify(execFile);
const minimumNode: readonly [number, number] = [20, 19];
const gib = 1024 ** 3;

const nodeVersion: Check = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1]);
  return enough
    ? ok('node', `Node ${process.versions.node}`)
    : fail('node', `Node ${process.versions.node}`, `Install Node ${minimumNode.join('.')} or later.`);
};

const native = (name: string, needed: string): Check => {
  return async () => {
    try {
      await import(name);
      return ok(`native ${name}`, 'loads');
    } catch (error) {
      const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      return fail(`native ${name}`, detail, `${needed} Run: npm rebuild ${name}`);
    }
  };
};

const memory: Check = () => {
  const gibTotal = totalmem() / gib;
  const detail = `${gibTotal.toFixed(1)} GiB`;
  return gibTotal >= 0.9
    ? ok('memory', detail)
    : warn('memory', detail, 'A box wants 1 GiB and more; models want 4.');
};

/** Asks chrony, which keeps a box's time; without it times are only as good as the machine's clock. */
const clock: Check = async () => {
  try {
    const { stdout } = await run('chronyc', ['-c', 'tracking'], { timeout: 3000 });
    const fields = stdout.trim().split(',');
    const offsetMs = Math.abs(Number(fields[4])) * 1000;
    if (fields.at(-1) === 'Not synchronised') {
      return fail(
        'clock',
        'chrony has no time source',
        'Check machine.timeServers and the network: chronyc sources.',
      );
    }
    return offsetMs < 100
      ? ok('clock', `chrony, ${offsetMs.toFixed(1)} ms off`)
      : fail('clock', `chrony, ${offsetMs.toFixed(0)} ms off`, 'Check the time source: chronyc sources.');
  } catch {
    return warn('clock', 'no chrony here to ask', 'Install chrony, so that event times can be trusted.');
  }
};

const disk = (folder: string): Check => {
  return async () => {
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const free = (bavail * bsize) / gib;
    const detail = `${free.toFixed(1)} GiB free at ${folder}`;
    if (free < 0.2) return fail('disk', detail, 'Free some space, or move the data folder.');
    return free < 2
      ? warn('disk', detail, 'Plan for more space: the outbox keeps what the hub has not.')
      : ok('disk', detail);
  };
};

/** Every event waits for one of these, so a slow one is a slow box. */
const durableWrite = (folder: string): Check => {
  return () => {
    const file = join(folder, `.doctor-${process.pid}`);
    const page = Buffer.alloc(4096);
    const fd = openSync(file, 'w', 0o600);
    try {
      const times = Array.from({ length: 25 }, () => {
        const start = performance.now();
        writeSync(fd, page);
        fdatasyncSync(fd);
        return performance.now() - start;
      }).sort((a, b) => a - b);
      const medianMs = times[12] ?? 0;
      const detail = `a durable 4 KiB write takes ${medianMs.toFixed(2)} ms (median of 25)`;
      return medianMs < 10
        ? ok('durable write', detail)
        : warn('durable write', detail, 'Events will be late by as much; use an SSD or industrial flash.');
    } finally {
      closeSync(fd);
      rmSync(file, { force: true });
    }
  };
};

/** What any machine that runs a box or a hub is looked at for. */
export const machineChecks = (dataFolder: string): Record<string, Check> => ({
  node: nodeVersion,
  sqlite: native('better-sqlite3', 'Needed for every box and hub.'),
  serial: native('serialport', 'Needed for devices on serial lines.'),
  memory,
  clock,
  disk: disk(dataFolder),
  'durable write': durableWrite(dataFolder),
});
