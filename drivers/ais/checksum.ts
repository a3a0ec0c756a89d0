import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';

const star = 0x2a;

const nibble = (byte: number | undefined): number => {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};
const hex = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');

/** XOR of the bytes between `from` and the `*`, against the two digits behind it; where the star is, or why not. */
export function checkedTo(line: Uint8Array, from: number, to: number): number | Problem {
  let sum = 0;
  let at = from;
  for (; at < to && line[at] !== star; at++) sum ^= line[at] as number;
  const high = nibble(line[at + 1]);
  const low = nibble(line[at + 2]);
  if (at + 2 >= to || high < 0 || low < 0) return faults.problem('ais.cut');
  if (((high << 4) | low) !== sum)
    return faults.problem('ais.checksum', { given: hex((high << 4) | low), computed: hex(sum) });
  return at;
}
