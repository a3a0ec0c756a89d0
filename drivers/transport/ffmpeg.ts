import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Fault, type Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { boundToParent } from './bound.ts';
import type { ByteListener, Link } from './link.ts';
import { PictureTimes } from './picture-times.ts';

/** What ffmpeg reads. */
export interface FfmpegInput {
  /** For messages to people: without secrets. */
  readonly address: string;
  /** Options and input, up to and with `-i`. */
  readonly args: readonly string[];
  /** What must never be in a message. */
  readonly secrets: readonly string[];
}

export interface FfmpegOptions {
  readonly input: FfmpegInput;
  /** Options of the output, which is a pipe. */
  readonly output: readonly string[];
  /** Told where in the stream each picture stands, seconds, before its bytes come, if `showinfo` ends the filters. */
  shown?(seconds: number): void;
}

const grave = /\[(error|fatal|panic)\] /;
/** What a shell ends with that does not find its command. */
const notFound = 127;

/** Starts ffmpeg bound to this process: one that waits for a silent camera would never notice a closed pipe. */
export function spawnFfmpeg(args: readonly string[], input: 'ignore' | 'pipe', level = 'error') {
  const command = ['ffmpeg', '-hide_banner', '-nostats', '-loglevel', level, ...args];
  const [program = '', ...rest] = boundToParent(command);
  return spawn(program, rest, { stdio: [input, 'pipe', 'pipe'] });
}

/** Text without secrets, and without whatever stands before the host of an address. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/\/\/[^/@\s]*@/g, '//***@');
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***');
  return clean;
}

/** A stream being decoded by a child process; open from its first byte on. */
export function openFfmpeg(
  options: FfmpegOptions,
  listener: ByteListener,
  signal: AbortSignal,
): Promise<Link> {
  const { address, args, secrets } = options.input;
  const level = 'level+info';
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = spawnFfmpeg(['-nostdin', ...args, ...options.output, 'pipe:1'], 'ignore', level);
    let words = '';
    const times = new PictureTimes();
    if (child.stderr)
      createInterface({ input: child.stderr }).on('line', (line) => {
        const seconds = times.read(line);
        if (seconds !== undefined) options.shown?.(seconds);
        else if (grave.test(line)) words = line.replace(grave, '').slice(0, 4000);
      });
    const kill = () => void child.kill('SIGKILL');
    const abort = () => {
      kill();
      reject(signal.reason instanceof Fault ? signal.reason : faults.fault('link.stuck', {}, address));
    };
    signal.addEventListener('abort', abort, { once: true });

    let ours = false;
    const closed = new Promise<Problem | undefined>((settle) => {
      const over = (problem: Problem) => {
        signal.removeEventListener('abort', abort);
        reject(new Fault(problem));
        settle(ours ? undefined : problem);
      };
      child.once('error', (error) =>
        over(faults.problem('camera.ffmpeg', { detail: error.message }, address)),
      );
      child.once('close', (code, killed) => {
        if (code === notFound) return over(faults.problem('camera.ffmpeg', { detail: 'not found' }, address));
        const detail = withoutSecrets(words.trim(), secrets) || `exit ${killed ?? code}`;
        over(faults.problem('camera.ended', { address, detail }, address));
      });
    });
    const end = () => {
      ours = true;
      kill();
    };
    const link: Link = {
      closed,
      pause: () => void child.stdout?.pause(),
      resume: () => void child.stdout?.resume(),
      async close() {
        end();
        await closed;
      },
      kill: end,
    };
    child.stdout?.on('error', () => undefined); // its end is told by the exit of the process
    child.stdout?.on('data', (bytes: Buffer) => {
      signal.removeEventListener('abort', abort);
      resolve(link);
      listener.data(bytes);
    });
  });
}
