import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Sentence } from './fields.ts';

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

const isBlank = (code: number) => code === 0x20 || (code >= 9 && code <= 13) || code === 0xa0;

/** The two digits of a checksum, where nothing but blanks stands behind them; -1 for others. */
function given({ bytes, star, end }: Sentence): number {
  if (star < 0 || star + 3 > end) return -1;
  const high = nibble(bytes[star + 1] as number);
  const low = nibble(bytes[star + 2] as number);
  if (high < 0 || low < 0) return -1;
  for (let at = star + 3; at < end; at++) if (!isBlank(bytes[at] as number)) return -1;
  return high * 16 + low;
}

/** What is wrong with a sentence as a whole; undefined where its checksum is right. */
export function damage(sentence: Sentence): Problem | undefined {
  const { star, sum } = sentence;
  const said = given(sentence);
  if (said === sum) return undefined;
  const place = sentence.text.slice(0, 6);
  if (star < 0) return faults.problem('nmea.nochecksum', {}, place);
  if (said < 0) return faults.problem('nmea.cut', {}, place);
  return faults.problem('nmea.checksum', { given: hexDigits(said), computed: hexDigits(sum) }, place);
}
