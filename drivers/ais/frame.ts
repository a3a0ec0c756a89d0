import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';

/** A sentence as it stood on the line, with the tag block in front of it, without the line break. */
export type Line = Uint8Array;

/** A sentence has 82 characters, a tag block as many; what receivers add at the end has room. */
export const maxLineBytes = 512;

export const bang = 0x21;
export const dollar = 0x24;
export const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Where the line of a sentence that begins at `at` ends; 0 when it does not begin there, or not end in these bytes. */
function wholeUntil(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== bang && bytes[at] !== dollar) return 0;
  const limit = Math.min(bytes.length, at + maxLineBytes);
  for (let end = at + 1; end < limit; end++) {
    const byte = bytes[end];
    if (byte === carriageReturn || byte === lineFeed) return end;
    if (byte === dollar || byte === bang || byte === backslash) return 0;
  }
  return 0;
}

/**
 * Cuts at line breaks and where a sentence or a tag block begins, neither of which occurs inside another:
 * after a loss the very next sentence is whole again. What stands in front of a sentence in a log is noise.
 */
export function lineFramer(): Framer<Line> {
  const held = new Uint8Array(maxLineBytes);
  let length = 0;
  let dropped = 0;
  /** Of a tag block: 0 none, 1 it is open, 2 it is closed and the sentence has to follow at once. */
  let tag = 0;

  const finish = (out: Framed<Line>[], whole: boolean): void => {
    if (length === 0 && dropped === 0) return;
    const bytes = held.slice(0, length);
    const starts = bytes[0] === bang || bytes[0] === dollar || bytes[0] === backslash;
    if (!starts) out.push({ problem: faults.problem('ais.noise', { bytes: length + dropped }), bytes });
    else if (dropped > 0)
      out.push({ problem: faults.problem('ais.toolong', { limit: maxLineBytes }), bytes });
    else if (!whole) out.push({ problem: faults.problem('ais.cut'), bytes });
    else out.push({ frame: bytes });
    length = 0;
    dropped = 0;
    tag = 0;
  };

  /** What was held up to the last backslash was cut off by it. */
  const reopen = (out: Framed<Line>[]): void => {
    length = Math.max(0, length - 1);
    finish(out, false);
    held[length++] = backslash;
    tag = 1;
  };

  return {
    push(bytes) {
      const out: Framed<Line>[] = [];
      for (let at = 0; at < bytes.length; at++) {
        // A sentence that came in one piece needs no holding.
        const end = length === 0 && dropped === 0 ? wholeUntil(bytes, at) : 0;
        if (end > 0) {
          out.push({ frame: Uint8Array.prototype.slice.call(bytes, at, end) });
          at = end;
          continue;
        }
        const byte = bytes[at] as number;
        if (byte === lineFeed || byte === carriageReturn) {
          finish(out, true);
          continue;
        }
        const begins = byte === bang || byte === dollar;
        // Behind the end of a block its sentence stands at once: else that end was the beginning of another.
        if (tag === 2 && !begins && byte !== backslash) reopen(out);
        if (byte === backslash && tag === 1) tag = 2;
        else if (byte === backslash) {
          finish(out, false);
          tag = 1;
        } else if (begins) {
          if (tag !== 2) finish(out, false);
          tag = 0;
        }
        if (length < maxLineBytes) held[length++] = byte;
        else dropped++;
      }
      return out;
    },
    end() {
      const out: Framed<Line>[] = [];
      // The last line of a file or datagram may have no line break: its checksum shows whether it is whole.
      finish(out, true);
      return out;
    },
  };
}
