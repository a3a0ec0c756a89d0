import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyIndex } from './key-index.ts';

const key = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map(String),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom('', 'a', 'a\0', '\0', '\u{1F6A2}', '\ud83d'),
);

test('every key keeps its number as long as it is in, whoever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 300 }), (steps) => {
      const index = new KeyIndex();
      const model = new Map<string, number>();
      let most = 0;
      for (const [adds, one] of steps) {
        if (adds) {
          const number = index.add(one);
          if (model.has(one)) expect(number).toBe(model.get(one));
          else expect([...model.values()]).not.toContain(number);
          model.set(one, number);
          most = Math.max(most, model.size);
        } else {
          index.remove(one);
          model.delete(one);
        }
        expect(index.numberOf(one)).toBe(model.get(one) ?? -1);
      }
      for (const [one, number] of model) {
        expect(index.numberOf(one)).toBe(number);
        expect(index.keyOf(number)).toBe(one);
        expect(number).toBeLessThan(most);
      }
    }),
    { numRuns: 500 },
  );
});

test('names of devices, whichever they are, fall apart', () => {
  for (const name of [
    (n: number) => `0138${String(n).padStart(8, '0')}`,
    (n: number) => `${n}`,
    (n: number) => '\0'.repeat(n % 500) + n,
  ]) {
    const index = new KeyIndex();
    for (let n = 0; n < 50_000; n++) expect(index.add(name(n))).toBe(n);
    for (let n = 0; n < 50_000; n += 7) expect(index.numberOf(name(n))).toBe(n);
    expect(index.longestSearch()).toBeLessThan(60);
  }
});
