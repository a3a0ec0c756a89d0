import { bcd, u16, u32 } from './header.ts';

/** Reads binary-coded decimals as digits, as sent. */
export type ReadDigits = (bytes: Uint8Array, from: number, count: number) => string;

const firstSlots = 1 << 6;
const mostSlots = 1 << 19;
/** Lengths of the numbers of terminals, bytes: until 2013, and of 2019. */
const shortBytes = 6;
const longBytes = 10;

/**
 * Terminals say their number in every packet: the text of one that was heard before is the same string again, which is
 * neither made nor hashed anew behind this. A number lies in one piece beside where its text is, and texts lie in the order in
 * which terminals were first heard, which is that in which they report: with many terminals what costs is how often memory is
 * waited for. Half of the slots are used at most; beyond the largest table it begins anew.
 */
export function digitsReader(): ReadDigits {
  /** Of each slot the number in three words, its length among them, and 1 + the place of its text; 0 is free. */
  let table = new Int32Array(4 * firstSlots);
  let texts: string[] = [];

  /** Where a number is, or the free place that it would have. */
  function placeOf(a: number, b: number, c: number): number {
    const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ c;
    const mask = table.length - 1;
    let at = (4 * (mixed ^ (mixed >>> 15))) & mask;
    while (table[at + 3] !== 0 && (table[at] !== a || table[at + 1] !== b || table[at + 2] !== c))
      at = (at + 4) & mask;
    return at;
  }

  function put(a: number, b: number, c: number, place: number): void {
    const at = placeOf(a, b, c);
    table[at] = a;
    table[at + 1] = b;
    table[at + 2] = c;
    table[at + 3] = place;
  }

  function grow(): void {
    const old = table;
    const slots = Math.min(mostSlots, old.length);
    table = new Int32Array(4 * slots);
    if (4 * slots === old.length) {
      texts = [];
      return;
    }
    for (let at = 0; at < old.length; at += 4) {
      const place = old[at + 3] as number;
      if (place !== 0) put(old[at] as number, old[at + 1] as number, old[at + 2] as number, place);
    }
  }

  return (bytes, from, count) => {
    if (count !== shortBytes && count !== longBytes) return bcd(bytes, from, count);
    const a = u32(bytes, from) | 0;
    const b = (count === shortBytes ? u16(bytes, from + 4) : u32(bytes, from + 4)) | 0;
    const c = (count << 16) | (count === shortBytes ? 0 : u16(bytes, from + 8));
    const place = table[placeOf(a, b, c) + 3] as number;
    if (place !== 0) return texts[place - 1] as string;
    const text = bcd(bytes, from, count);
    if (8 * (texts.length + 1) > table.length) grow();
    texts.push(text);
    put(a, b, c, texts.length);
    return text;
  };
}
