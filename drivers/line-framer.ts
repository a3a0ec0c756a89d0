import type { Problem } from '#flows/fault';
import type { Framed, Framer } from './driver.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts at line feeds and hands each line that is not empty to `take`; of a line over the limit only its
 * beginning is kept, to be shown.
 */
export function lineFramer<F>(
  limit: number,
  tooLarge: () => Problem,
  take: (line: Uint8Array) => Framed<F>[],
): Framer<F> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const finish = (): Framed<F>[] => {
    const line = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
    const over = length > limit;
    parts = [];
    length = 0;
    if (over) return [{ problem: tooLarge(), bytes: line.slice(0, 256) }];
    const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    return end === 0 ? [] : take(line.subarray(0, end));
  };
  const keep = (bytes: Uint8Array) => {
    if (length <= limit && bytes.length > 0) parts.push(bytes.slice(0, limit + 1 - length));
    length += bytes.length;
  };
  return {
    push(bytes) {
      const out: Framed<F>[] = [];
      for (let at = 0; at < bytes.length; ) {
        const found = bytes.indexOf(lineFeed, at);
        keep(bytes.subarray(at, found < 0 ? bytes.length : found));
        if (found < 0) break;
        out.push(...finish());
        at = found + 1;
      }
      return out;
    },
    end: finish,
  };
}
