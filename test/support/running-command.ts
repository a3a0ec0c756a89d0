import { existsSync, statSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import type { Command } from '#edge/commands/command';
import { until } from './until.ts';

/** A command that runs in this process with streams of its own, until it ends or is stopped. */
export function runCommand(command: Command, args: readonly string[], input: Uint8Array | string = '') {
  const stop = new AbortController();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const stdout = new PassThrough().on('data', (bytes: Buffer) => out.push(bytes));
  const stderr = new PassThrough().on('data', (bytes: Buffer) => err.push(bytes));
  const stdin = Readable.from([Buffer.from(input)]);
  const code = command.run([...args], { stdin, stdout, stderr, signal: stop.signal });
  code.catch(() => undefined);
  const text = (parts: Buffer[]) => Buffer.concat(parts).toString('utf8');
  return {
    code,
    out: () => text(out),
    err: () => text(err),
    stop: () => stop.abort(),
  };
}

/** What was sent last is still on its way when its sender has ended: waits until a file has stopped growing. */
export async function stillStanding(file: string): Promise<void> {
  let size = -1;
  let sinceMs = performance.now();
  await until('the file stands still', () => {
    const now = existsSync(file) ? statSync(file).size : 0;
    if (now !== size) sinceMs = performance.now();
    size = now;
    return performance.now() - sinceMs > 500;
  });
}
