import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digitsReader } from './digits.ts';
import { bcd } from './header.ts';

test('digits are those of the bytes, whoever else spoke before and however long their numbers are', () => {
  const number = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), fc.array(fc.nat()), (numbers, order) => {
      const read = digitsReader();
      for (const at of order) {
        const bytes = numbers[at % numbers.length] as Uint8Array;
        const count = at % 3 === 0 ? 10 : 6;
        expect(read(bytes, 0, count)).toBe(bcd(bytes, 0, count));
      }
    }),
  );
});

test('gives the same string again, of as many terminals as a port has and more', () => {
  const read = digitsReader();
  const bytes = (n: number) => Uint8Array.from([0x01, 0x38, 0, (n >> 16) & 0xff, (n >> 8) & 0xff, n & 0xff]);
  for (const count of [10, 40, 3000, 300_000]) {
    for (let n = 0; n < count; n += 7) expect(read(bytes(n), 0, 6)).toBe(bcd(bytes(n), 0, 6));
    for (let n = 0; n < count; n += 49) expect(read(bytes(n), 0, 6)).toBe(bcd(bytes(n), 0, 6));
  }
});
