import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';

/** A sentence as it stood on the line, from `$` or `!` up to its end, without the line break. */
export type Sentence = string;

/** The standard allows 82; receivers in the field send more. */
export const maxSentenceBytes = 512;

const dollar = 0x24;
const bang = 0x21;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Where the line of a sentence that begins at `at` ends; 0 when it does not begin there, or not end in these bytes. */
function wholeUntil(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first !== dollar && first !== bang) return 0;
  const limit = Math.min(bytes.length, at + maxSentenceBytes);
  for (let end = at + 1; end < limit; end++) {
    const byte = bytes[end];
    if (byte === carriageReturn || byte === lineFeed) return end;
    if (byte === dollar || byte === bang) return 0;
  }
  return 0;
}

/**
 * Cuts at line breaks and at every start character: neither occurs inside a sentence, so after a loss
 * the very next sentence is whole again.
 */
export function sentenceFramer(): Framer<Sentence> {
  const held = new Uint8Array(maxSentenceBytes);
  let length = 0;
  let dropped = 0;

  const finish = (out: Framed<Sentence>[], atLineEnd: boolean): void => {
    if (length === 0 && dropped === 0) return;
    const bytes = held.slice(0, length);
    const isSentence = bytes[0] === dollar || bytes[0] === bang;
    if (isSentence && dropped > 0)
      out.push({ problem: faults.problem('nmea.toolong', { limit: maxSentenceBytes }), bytes });
    else if (!isSentence)
      out.push({ problem: faults.problem('nmea.noise', { bytes: length + dropped }), bytes });
    else if (!atLineEnd) out.push({ problem: faults.problem('nmea.cut'), bytes });
    else out.push({ frame: Buffer.from(bytes.buffer, 0, length).toString('latin1') });
    length = 0;
    dropped = 0;
  };

  return {
    push(bytes) {
      const out: Framed<Sentence>[] = [];
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = 0; at < bytes.length; at++) {
        // A sentence that came in one piece is read where it lies.
        const end = length === 0 && dropped === 0 ? wholeUntil(bytes, at) : 0;
        if (end > 0) {
          out.push({ frame: text.toString('latin1', at, end) });
          at = end;
          continue;
        }
        const byte = bytes[at] as number;
        if (byte === lineFeed || byte === carriageReturn) {
          finish(out, true);
          continue;
        }
        if (byte === dollar || byte === bang) finish(out, false);
        if (length < maxSentenceBytes) held[length++] = byte;
        else dropped++;
      }
      return out;
    },
    end() {
      const out: Framed<Sentence>[] = [];
      // The last line of a file often has no line break: a whole sentence proves itself by its checksum.
      finish(out, true);
      return out;
    },
  };
}
