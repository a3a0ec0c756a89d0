import { bcd } from './header.ts';

/** Reads binary-coded decimals as digits, as sent. */
export type ReadDigits = (bytes: Uint8Array, from: number, count: number) => string;

const mostSlots = 1 << 19;
/** Five bytes of decimals are a whole number that is exact, and so is a sixth beside them. */
const firstBytes = 5;

/**
 * Terminals say their number in every packet: the text of one that was heard before is the same string again, which is
 * neither made nor hashed anew behind this. Slots, one for each rest of a hash, become more as more terminals speak.
 */
export function digitsReader(): ReadDigits {
  let first = new Float64Array(1).fill(-1);
  let second = new Float64Array(1);
  let texts: string[] = [''];
  let replaced = 0;
  const grow = (slots: number) => {
    first = new Float64Array(slots).fill(-1);
    second = new Float64Array(slots);
    texts = new Array<string>(slots).fill('');
    replaced = 0;
  };
  return (bytes, from, count) => {
    let [a, b] = [0, count];
    for (let i = 0; i < firstBytes; i++) a = a * 256 + (bytes[from + i] as number);
    for (let i = firstBytes; i < count; i++) b = b * 256 + (bytes[from + i] as number);
    const mixed = Math.imul((a % 0x1_0000_0000) | 0, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca6b);
    const slot = (mixed ^ (mixed >>> 15)) & (texts.length - 1);
    if (first[slot] === a && second[slot] === b) return texts[slot] as string;
    const text = bcd(bytes, from, count);
    if (first[slot] !== -1 && ++replaced > texts.length && texts.length < mostSlots) grow(4 * texts.length);
    else {
      first[slot] = a;
      second[slot] = b;
      texts[slot] = text;
    }
    return text;
  };
}
