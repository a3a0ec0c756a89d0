import type { Readable } from 'node:stream';
import type { WireOrigin } from '#drivers/driver';
import { UsageError } from './command.ts';
import { lines } from './lines.ts';

/** First line of a recording. */
export interface RecordingHead {
  readonly recording: 1;
  readonly driver: string;
  readonly started: string;
  /** Of the driver; secrets are in it by name only. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Every other line: what came, when the box got it, and where from on a wire that has several things side by side. */
export interface RecordedBytes extends WireOrigin {
  readonly t: string;
  /** From the device. */
  readonly dir: 'in';
  /** Base64. */
  readonly bytes: string;
}

export const headLine = (driver: string, started: string, config: RecordingHead['config']): string =>
  `${JSON.stringify({ recording: 1, driver, started, ...(config ? { config } : {}) } satisfies RecordingHead)}\n`;

export function recordLine(t: string, bytes: Uint8Array, origin: WireOrigin = {}): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  return `${JSON.stringify({ t, dir: 'in', ...origin, bytes: text } satisfies RecordedBytes)}\n`;
}

export interface Recorded {
  readonly atMs: number;
  readonly origin: WireOrigin;
  readonly bytes: Uint8Array;
}

export interface Recording {
  readonly driver: string;
  readonly config: Readonly<Record<string, unknown>>;
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

const originOf = ({ topic, link, file, sideCar, last }: Record<string, unknown>): WireOrigin => ({
  ...(typeof topic === 'string' ? { topic } : {}),
  ...(typeof link === 'string' ? { link } : {}),
  ...(typeof file === 'string' ? { file } : {}),
  ...(sideCar === true ? { sideCar } : {}),
  ...(last === true ? { last } : {}),
});

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
      const { t, bytes, ...rest } = parseLine(line, number);
      const atMs = typeof t === 'string' ? Date.parse(t) : Number.NaN;
      if (Number.isNaN(atMs) || typeof bytes !== 'string')
        throw new UsageError(`Line ${number} is none of a recording: it has no time or no bytes.`);
      yield {
        atMs,
        origin: originOf(rest),
        bytes: Buffer.from(bytes, 'base64'),
      };
    }
  }
  const config = typeof head.config === 'object' && head.config !== null ? head.config : {};
  return { driver: head.driver, config: config as Record<string, unknown>, items: items() };
}
