import type { Readable, Writable } from 'node:stream';
import { describeProblem, Fault } from '#flows/fault';

/** What a command may touch: what is not data goes to `stderr`. */
export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborted at SIGINT or SIGTERM: stop softly. */
  readonly signal: AbortSignal;
}

/** Exit codes: 0, 1 (the thing asked about is wrong), 2 (the call is wrong). */
export interface Command {
  readonly name: string;
  /** One sentence for `quaywatch help`. */
  readonly summary: string;
  /** How to call it, without `quaywatch`. */
  readonly usage: string;
  run(args: string[], io: CommandIo): Promise<number>;
}

/** Ends a command with exit 2 and the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One line for any error: a fault says its code and what to do, a bug only its message. */
export function describeError(error: unknown): string {
  if (error instanceof Fault) return describeProblem(error.problem);
  return error instanceof Error ? error.message : String(error);
}

/** Writes with back-pressure; resolves when more may be written. */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error) => {
      stream.off('drain', done);
      stream.off('error', done);
      stream.off('close', done);
      if (error) reject(error);
      else resolve();
    };
    stream.once('drain', done);
    stream.once('error', done);
    stream.once('close', done);
  });
}
