import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { Sentence } from './fields.ts';

/** The standard allows 82; receivers in the field send more. */
export const maxSentenceBytes = 512;

const dollar = 0x24;
const bang = 0x21;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const comma = 0x2c;
const asterisk = 0x2a;

/**
 * The sentence that begins at `start`, up to where the line ends or another begins, or `limit`: read once, from the
 * bytes, which is several times as fast as from their text.
 */
function sentenceAt(bytes: Uint8Array, start: number, limit: number): Sentence {
  const ends: number[] = [];
  let star = -1;
  let sum = 0;
  let sumAtStar = 0;
  let fieldsAtStar = 0;
  let end = start + 1;
  for (; end < limit; end++) {
    const byte = bytes[end] as number;
    // Nearly all are digits and letters.
    if (byte <= comma) {
      if (byte === comma) ends.push(end);
      else if (byte === asterisk) {
        star = end;
        sumAtStar = sum;
        fieldsAtStar = ends.length;
      } else if (isEnd(byte)) break;
    }
    sum ^= byte;
  }
  if (star < 0) {
    ends.push(end);
    return new Sentence(bytes, start, end, ends, star, sum);
  }
  if (ends.length > fieldsAtStar) ends.length = fieldsAtStar;
  ends.push(star);
  return new Sentence(bytes, start, end, ends, star, sumAtStar);
}

const isBreak = (byte: number | undefined) => byte === carriageReturn || byte === lineFeed;
const isStart = (byte: number | undefined) => byte === dollar || byte === bang;
const isEnd = (byte: number) => isBreak(byte) || isStart(byte);

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
    else out.push({ frame: sentenceAt(bytes, 0, length) });
    length = 0;
    dropped = 0;
  };

  return {
    push(given) {
      const out: Framed<Sentence>[] = [];
      // Sentences are read where they lie, and may be when the line has used its buffer for more.
      const bytes = new Uint8Array(given);
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at] as number;
        // A sentence that came in one piece.
        if (length === 0 && dropped === 0 && isStart(byte)) {
          const frame = sentenceAt(bytes, at, Math.min(bytes.length, at + maxSentenceBytes));
          if (isBreak(bytes[frame.end]) && frame.end < at + maxSentenceBytes) {
            out.push({ frame });
            at = frame.end;
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
