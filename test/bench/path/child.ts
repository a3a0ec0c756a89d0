import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The end of what it wrote to standard output and error, for a message about its failure. */
  tail(): string;
  /** Rejects when the process ends. Never resolves. */
  readonly died: Promise<never>;
  /** SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** Folder for its log, `<name>.log`. */
  readonly folder: string;
  readonly name?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A message channel to a Node process. */
  readonly ipc?: boolean;
}

/** Starts a program of the bench; its output goes to a log file and is shown only when it dies. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): Child {
  const name = options.name ?? basename(command);
  const file = join(options.folder, `${name}.log`);
  const log = openSync(file, 'a');
  const child = spawn(command, args, {
    cwd: options.folder,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log, ...(options.ipc ? (['ipc'] as const) : [])],
    serialization: 'advanced',
  });
  closeSync(log);
  const tail = () =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-15).join('\n') : '';
  let asked = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const died = new Promise<never>((_, reject) => {
    child.once('error', (cause) => reject(new Error(`${name} could not be started: ${cause.message}`)));
    child.once('exit', (code, signal) => {
      reject(new Error(asked ? 'stopped' : `${name} ended by itself (${signal ?? code}):\n${tail()}`));
    });
  });
  died.catch(() => {});
  return {
    pid: child.pid ?? 0,
    process: child,
    tail,
    died,
    stop: async () => {
      asked = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(hard);
    },
  };
}
