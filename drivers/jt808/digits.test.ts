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
