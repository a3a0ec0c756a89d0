import { bcd } from './header.ts';

/** Reads binary-coded decimals as digits, as sent. */
export type ReadDigits = (bytes: Uint8Array, from: number, count: number) => string;

const firstSlots = 1 << 6;
const mostSlots = 1 << 19;
/** Five bytes of decimals are a whole number that is exact, and so is a sixth beside them. */
const firstBytes = 5;

/**
 * Terminals say their number in every packet: the text of one that was heard before is the same string again, which is
 * neither made nor hashed anew behind this. Both halves of a number lie side by side, since with many terminals what costs is
 * how often memory is waited for. Half of the slots are used at most; beyond the largest table it begins anew.
 */
export function digitsReader(): ReadDigits {
  let numbers = new Float64Array(2 * firstSlots).fill(-1);
  let texts: string[] = new Array<string>(firstSlots).fill('');
  let used = 0;

  /** Slot of a number, or the free one that it would have. */
  function slotOf(a: number, b: number): number {
    const mixed = Math.imul((a % 0x1_0000_0000) | 0, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca6b);
    const mask = texts.length - 1;
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (numbers[2 * slot] !== -1 && (numbers[2 * slot] !== a || numbers[2 * slot + 1] !== b))
      slot = (slot + 1) & mask;
    return slot;
  }

  function put(a: number, b: number, text: string): void {
    const slot = slotOf(a, b);
    numbers[2 * slot] = a;
    numbers[2 * slot + 1] = b;
    texts[slot] = text;
    used += 1;
  }

  function grow(): void {
    const [oldNumbers, oldTexts] = [numbers, texts];
    const slots = Math.min(mostSlots, 4 * oldTexts.length);
    numbers = new Float64Array(2 * slots).fill(-1);
    texts = new Array<string>(slots).fill('');
    used = 0;
    if (slots === oldTexts.length) return;
    for (const [slot, text] of oldTexts.entries())
      if (text !== '') put(oldNumbers[2 * slot] as number, oldNumbers[2 * slot + 1] as number, text);
  }

  return (bytes, from, count) => {
    let [a, b] = [0, count];
    for (let i = 0; i < firstBytes; i++) a = a * 256 + (bytes[from + i] as number);
    for (let i = firstBytes; i < count; i++) b = b * 256 + (bytes[from + i] as number);
    const slot = slotOf(a, b);
    if (numbers[2 * slot] !== -1) return texts[slot] as string;
    const text = bcd(bytes, from, count);
    if (2 * (used + 1) > texts.length) grow();
    put(a, b, text);
    return text;
  };
}
