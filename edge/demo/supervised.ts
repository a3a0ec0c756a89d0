import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';

const restartAfterMs = 2000;
/** After this long a process counts as having run, and the next fall starts from a short wait again. */
const steadyAfterMs = 60_000;
const longestWaitMs = 30_000;

/** A process that is kept running, as systemd would on a box; what it says goes to a log file. */
export interface Supervised {
  /** Resolves when it has said the line that it says when it is ready; rejects when it gives up first. */
  readonly ready: Promise<RegExpMatchArray>;
  stop(): Promise<void>;
}

export interface SupervisedOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Matches what the process says when it is ready. */
  readonly readyLine: RegExp;
  /** Told when it ended unasked and will be started again. */
  onFall(name: string, why: string): void;
}

/** Starts `node ARGS` and starts it again when it falls, after 2 s and then longer, up to 30 s. */
export function supervise(options: SupervisedOptions): Supervised {
  const log: WriteStream = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  let stopping = false;
  let wasReady = false;
  let child: ChildProcess;
  let exited: Promise<void> = Promise.resolve();
  let waitMs = restartAfterMs;
  let timer: NodeJS.Timeout | undefined;
  let settle: { resolve: (match: RegExpMatchArray) => void; reject: (error: Error) => void };
  const ready = new Promise<RegExpMatchArray>((resolve, reject) => {
    settle = { resolve, reject };
  });

  function start(): void {
    const begun = performance.now();
    let said = '';
    child = spawn(process.execPath, [...options.args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const listen = (text: string) => {
      log.write(text);
      said = (said + text).slice(-8192);
      const match = wasReady ? null : said.match(options.readyLine);
      if (match) {
        wasReady = true;
        settle.resolve(match);
      }
    };
    child.stdout?.setEncoding('utf8').on('data', listen);
    child.stderr?.setEncoding('utf8').on('data', listen);
    exited = new Promise((done) => {
      child.once('close', (code, signal) => {
        done();
        if (stopping) return;
        const lastLine = said.trim().split('\n').at(-1) ?? '';
        const why = `${lastLine || `exit ${signal ?? code}`}`;
        // What fails before it was ever ready fails for a reason that a second start will not mend.
        if (!wasReady) return settle.reject(new Error(`${options.name}: ${why}`));
        options.onFall(options.name, why);
        if (performance.now() - begun > steadyAfterMs) waitMs = restartAfterMs;
        timer = setTimeout(start, waitMs);
        waitMs = Math.min(waitMs * 2, longestWaitMs);
      });
    });
  }

  start();
  return {
    ready,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(hard);
      log.end();
    },
  };
}
