import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { Fields } from './fields.ts';
import type { Sentence } from './frame.ts';

const hexDigits = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');

/** XOR of all characters between the start character and `end`. */
export function checksum(sentence: string, end = sentence.length): number {
  let sum = 0;
  for (let i = 1; i < end; i++) sum ^= sentence.charCodeAt(i);
  return sum;
}

/** `body` (`GPGGA,…`) as a sentence with start, checksum and line break. */
export const wrap = (body: string): string => `$${body}*${hexDigits(checksum(`$${body}`))}\r\n`;

const nibble = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

/** The two digits of a checksum, where nothing but blanks stands behind them; -1 for others. */
function givenAt(sentence: string, at: number): number {
  const high = nibble(sentence.charCodeAt(at));
  const low = nibble(sentence.charCodeAt(at + 1));
  if (high < 0 || low < 0) return -1;
  return sentence.length === at + 2 || sentence.slice(at + 2).trim() === '' ? high * 16 + low : -1;
}

/** The fields of a sentence whose checksum is right, address first. */
export function open({ text, ends, star, sum }: Sentence): Fields | Problem {
  const given = star < 0 ? -1 : givenAt(text, star + 1);
  if (given === sum) return new Fields(text, ends);
  const place = text.slice(0, 6);
  if (star < 0) return faults.problem('nmea.nochecksum', {}, place);
  if (given < 0) return faults.problem('nmea.cut', {}, place);
  return faults.problem('nmea.checksum', { given: hexDigits(given), computed: hexDigits(sum) }, place);
}
