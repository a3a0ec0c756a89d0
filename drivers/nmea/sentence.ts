import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
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

/** The fields of a sentence whose checksum is right, address first. */
export function open(sentence: Sentence): { readonly fields: string[] } | { readonly problem: Problem } {
  const star = sentence.lastIndexOf('*');
  const given = star < 0 ? undefined : /^([0-9A-Fa-f]{2})\s*$/.exec(sentence.slice(star + 1))?.[1];
  if (given === undefined)
    return { problem: faults.problem(star < 0 ? 'nmea.nochecksum' : 'nmea.cut', {}, sentence.slice(0, 6)) };
  const computed = checksum(sentence, star);
  if (Number.parseInt(given, 16) !== computed) {
    const fields = { given: given.toUpperCase(), computed: hexDigits(computed) };
    return { problem: faults.problem('nmea.checksum', fields, sentence.slice(0, 6)) };
  }
  return { fields: sentence.slice(1, star).split(',') };
}
