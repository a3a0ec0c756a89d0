import { calendarMs, isoText } from '../moment.ts';

/** Thrown for a nibble that is no digit: the frame has no check sum, and this is what can be seen of a spoiled one. */
export class NoDigit extends Error {}

/** Reads decimal digits of half a byte each. */
export function digitsAt(bytes: Uint8Array, nibble: number, count: number): number {
  let value = 0;
  for (let i = nibble; i < nibble + count; i++) {
    const byte = bytes[i >> 1];
    if (byte === undefined) throw new NoDigit('it ends in the middle');
    const digit = i & 1 ? byte & 15 : byte >> 4;
    if (digit > 9) throw new NoDigit(`there is no digit ${digit.toString(16)}`);
    value = value * 10 + digit;
  }
  return value;
}

/** Degrees, minutes and ten-thousandths of a minute, as one number, in degrees. */
export const degrees = (digits: number): number =>
  Math.round((Math.trunc(digits / 1e6) + (digits % 1e6) / 1e4 / 60) * 1e7) / 1e7;

/** Day, month, year, hour, minute, second in UTC; undefined for what is no date. */
export function timeOf(digits: readonly number[]): string | undefined {
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = digits;
  return isoText(calendarMs([2000 + year, month, day], [hour, minute, second]));
}
