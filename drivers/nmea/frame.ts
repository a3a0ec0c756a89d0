import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';

/** A sentence as it stood on the line, from `$` or `!` up to its end, and where in it what is. */
export interface Sentence {
  /** Without the line break. */
  readonly text: string;
  /** Where each field ends: at a comma, the last at the asterisk, or at the end where there is none. */
  readonly ends: readonly number[];
  /** Where the asterisk stands, -1 for nowhere. */
  readonly star: number;
  /** XOR of all characters between the start character and the asterisk. */
  readonly sum: number;
}

/** The standard allows 82; receivers in the field send more. */
export const maxSentenceBytes = 512;

const dollar = 0x24;
const bang = 0x21;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const comma = 0x2c;
const asterisk = 0x2a;

interface Marks extends Omit<Sentence, 'text'> {
  /** Where the line ends, or another sentence begins; `limit` when it does not by then. */
  readonly end: number;
}

/** Reads a sentence that begins at `at`: once, from the bytes, which is several times as fast as from its text. */
function mark(bytes: Uint8Array, at: number, limit: number): Marks {
  const ends: number[] = [];
  let star = -1;
  let sum = 0;
  let sumAtStar = 0;
  let fieldsAtStar = 0;
  let end = at + 1;
  for (; end < limit; end++) {
    const byte = bytes[end] as number;
    if (byte === comma) ends.push(end - at);
    else if (byte === asterisk) {
      star = end - at;
      sumAtStar = sum;
      fieldsAtStar = ends.length;
    } else if (byte <= dollar && isEnd(byte)) break;
    sum ^= byte;
  }
  if (star < 0) return { end, ends: [...ends, end - at], star, sum };
  ends.length = fieldsAtStar;
  ends.push(star);
  return { end, ends, star, sum: sumAtStar };
}

const isBreak = (byte: number | undefined) => byte === carriageReturn || byte === lineFeed;
const isStart = (byte: number | undefined) => byte === dollar || byte === bang;
const isEnd = (byte: number) => isBreak(byte) || isStart(byte);

function sentence(bytes: Uint8Array, at: number, { end, ends, star, sum }: Marks): Sentence {
  const whole = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { text: whole.toString('latin1', at, end), ends, star, sum };
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
    const isSentence = isStart(bytes[0]);
    if (isSentence && dropped > 0)
      out.push({ problem: faults.problem('nmea.toolong', { limit: maxSentenceBytes }), bytes });
    else if (!isSentence)
      out.push({ problem: faults.problem('nmea.noise', { bytes: length + dropped }), bytes });
    else if (!atLineEnd) out.push({ problem: faults.problem('nmea.cut'), bytes });
    else out.push({ frame: sentence(bytes, 0, mark(bytes, 0, length)) });
    length = 0;
    dropped = 0;
  };

  return {
    push(given) {
      const out: Framed<Sentence>[] = [];
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.length);
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at] as number;
        // A sentence that came in one piece is read where it lies.
        if (length === 0 && dropped === 0 && isStart(byte)) {
          const marks = mark(bytes, at, Math.min(bytes.length, at + maxSentenceBytes));
          if (isBreak(bytes[marks.end]) && marks.end < at + maxSentenceBytes) {
            out.push({ frame: sentence(bytes, at, marks) });
            at = marks.end;
            continue;
          }
        }
        if (isBreak(byte)) {
          finish(out, true);
          continue;
        }
        if (isStart(byte)) finish(out, false);
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
