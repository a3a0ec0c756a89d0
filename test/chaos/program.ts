import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Looked at anew for each life. */
  readonly env?: () => NodeJS.ProcessEnv;
  /** File for what it says. */
  readonly log: string;
}

/** Wait before a program that ended by itself is started again, as a supervisor does, ms. */
const againMs = 200;

/** A program of the stand: killed, stopped and started again at will, and started again when it falls by itself. */
export class Program {
  readonly name: string;
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();
  #closing = false;
  lives = 0;
  kills = 0;
  /** Ends that nobody asked for, by the last line that it had written. */
  readonly falls = new Map<string, number>();

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    if (this.#child || this.#closing) return;
    clearTimeout(this.#timer);
    const { command, args, env, log } = this.#options;
    const handle = openSync(log, 'a');
    const child = spawn(command, args, {
      stdio: ['ignore', handle, handle],
      env: { ...process.env, ...env?.() },
    });
    closeSync(handle);
    this.lives += 1;
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const end = () => {
        resolve();
        if (this.#child !== child) return; // it was killed
        this.#child = undefined;
        const why = this.tail(1)
          .replaceAll(/\d{2,}/g, '…')
          .slice(0, 200);
        this.falls.set(why, (this.falls.get(why) ?? 0) + 1);
        this.#timer = setTimeout(() => this.start(), againMs);
      };
      child.once('exit', end);
      child.once('error', end);
    });
  }

  /** kill -9; resolves when it is gone. It stays so until `start`. */
  async kill(): Promise<void> {
    clearTimeout(this.#timer);
    const child = this.#child;
    this.#child = undefined;
    if (child) {
      this.kills += 1;
      child.kill('SIGKILL');
    }
    await this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  tail(lines: number): string {
    return readFileSync(this.#options.log, 'utf8').trim().split('\n').slice(-lines).join('\n');
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.kill();
  }
}
