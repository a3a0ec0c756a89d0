import type { Readable } from 'node:stream';
import { UsageError } from './command.ts';
import { lines } from './lines.ts';

/** First line of a recording. */
export interface RecordingHead {
  readonly recording: 1;
  readonly driver: string;
  readonly started: string;
}

/** Every other line: what came, and when the box got it. */
export interface RecordedBytes {
  readonly t: string;
  /** From the device. */
  readonly dir: 'in';
  /** Where the wire has topics. */
  readonly topic?: string;
  /** Base64. */
  readonly bytes: string;
}

export const headLine = (driver: string, started: string): string =>
  `${JSON.stringify({ recording: 1, driver, started } satisfies RecordingHead)}\n`;

export function recordLine(t: string, bytes: Uint8Array, topic?: string): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  const line: RecordedBytes = { t, dir: 'in', ...(topic === undefined ? {} : { topic }), bytes: text };
  return `${JSON.stringify(line)}\n`;
}

export interface Recorded {
  readonly atMs: number;
  readonly topic: string | undefined;
  readonly bytes: Uint8Array;
}

export interface Recording {
  readonly driver: string;
  /** In order; throws UsageError at a line that is none of a recording. */
  readonly items: AsyncGenerator<Recorded>;
}

function parseLine(line: Buffer, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new UsageError(`Line ${number} is none of a recording: record makes them.`);
}

/** Reads a recording; throws UsageError when it is none. */
export async function readRecording(input: Readable, signal: AbortSignal): Promise<Recording> {
  const all = lines(input, signal);
  const first = await all.next();
  const head = parseLine(first.done ? Buffer.alloc(0) : first.value, 1);
  if (head.recording !== 1 || typeof head.driver !== 'string')
    throw new UsageError('This is no recording: its first line names no driver.');
  async function* items(): AsyncGenerator<Recorded> {
    let number = 1;
    for await (const line of all) {
      number++;
      const { t, topic, bytes } = parseLine(line, number);
      const atMs = typeof t === 'string' ? Date.parse(t) : Number.NaN;
      if (Number.isNaN(atMs) || typeof bytes !== 'string')
        throw new UsageError(`Line ${number} is none of a recording: it has no time or no bytes.`);
      yield {
        atMs,
        topic: typeof topic === 'string' ? topic : undefined,
        bytes: Buffer.from(bytes, 'base64'),
      };
    }
  }
  return { driver: head.driver, items: items() };
}
