import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Beside the compiled tests, or below the sources. */
const program = ['../../quaywatch.js', '../../dist/quaywatch.js']
  .map((path) => resolve(import.meta.dirname, path))
  .find((path) => existsSync(path)) as string;

/** A running `quaywatch` command, with what it said so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Resolves when standard error has a line that matches, rejects when the process ends before. */
  said(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `quaywatch ARGS` from the build. With `keepOpen`, standard input stays open after `input`. */
export function quaywatch(
  args: readonly string[],
  input?: string | Uint8Array,
  options: { readonly keepOpen?: boolean; readonly env?: NodeJS.ProcessEnv } = {},
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  // Nothing that a test started outlives it.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.on('error', () => {}); // the command may end before it has read everything
  if (options.keepOpen) child.stdin.write(input ?? '');
  else child.stdin.end(input);
  const exited = new Promise<number | null>((done) => child.once('close', done));
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => out,
    stderr: () => err,
    exited,
    async said(pattern, timeoutMs = 60_000) {
      let ended: number | null | undefined;
      void exited.then((code) => {
        ended = code;
      });
      const match = await until(
        () => err.match(pattern) ?? (ended === undefined ? undefined : 'ended'),
        timeoutMs,
      ).catch(() => {
        throw new Error(`quaywatch ${args.join(' ')} has not said ${pattern} in ${timeoutMs} ms:\n${err}`);
      });
      if (match === 'ended') throw new Error(`quaywatch ${args.join(' ')} ended with ${ended}:\n${err}`);
      return match as RegExpMatchArray;
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

/** Runs `quaywatch ARGS` to its end. */
export async function runQuaywatch(args: readonly string[], input?: string | Uint8Array) {
  const running = quaywatch(args, input);
  const code = await running.exited;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

/** Waits until `get` gives something; for conditions, never for time. */
export async function until<T>(
  get: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await get();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${get.toString().slice(0, 200)}`);
    await new Promise((again) => setTimeout(again, 25));
  }
}

/** A folder that is gone after the test: `using folder = temporaryFolder()`. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'quaywatch-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
