import type { Readable } from 'node:stream';

const lineFeed = 0x0a;

/** Index after the next line feed at or after `from`; the end of the chunk when it has none. */
export function lineEnd(chunk: Uint8Array, from: number): number {
  const at = chunk.indexOf(lineFeed, from);
  return at < 0 ? chunk.length : at + 1;
}

/** A longer line comes in pieces of this size: memory does not depend on what is read. */
const maxLineBytes = 4 << 20;

/** Lines without their line feed. Ends early when the signal is aborted. */
export async function* lines(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  const take = () => {
    const line = Buffer.concat(parts);
    parts = [];
    held = 0;
    return line;
  };
  for await (const chunk of input as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      if (signal.aborted) return;
      const end = Math.min(lineEnd(chunk, at), at + maxLineBytes - held);
      const whole = chunk[end - 1] === lineFeed;
      parts.push(chunk.subarray(at, whole ? end - 1 : end));
      held += end - at;
      at = end;
      if (whole || held >= maxLineBytes) yield take();
    }
  }
  if (held > 0) yield take();
}
