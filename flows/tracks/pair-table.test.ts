import fc from 'fast-check';
import { expect, test } from 'vitest';
import { of, PairTable } from './pair-table.ts';

test('a table of pairs is a map by both numbers, whichever comes first, over growing and dropping', () => {
  const vehicle = fc.integer({ min: 0, max: 400 });
  const step = fc.record({ a: vehicle, b: vehicle, drop: fc.integer({ min: 0, max: 400 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 4000 }), (steps) => {
      const table = new PairTable();
      const model = new Map<string, number>();
      const keyOf = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;
      steps.forEach(({ a, b, drop }, i) => {
        if (drop === 7) {
          table.retain((row) => table.at(row, of.from) % 3 > 0);
          for (const [key, from] of model) if (from % 3 === 0) model.delete(key);
        }
        const known = table.find(b, a);
        expect(known >= 0 ? table.at(known, of.from) : undefined).toBe(model.get(keyOf(a, b)));
        if (known >= 0) return;
        const row = table.insert(a, b);
        table.put(row, of.from, i);
        table.addSums(row, i, 2 * i);
        model.set(keyOf(a, b), i);
      });
      expect(table.count).toBe(model.size);
      for (let row = 0; row < table.count; row++) {
        const from = table.at(row, of.from);
        expect(model.get(keyOf(table.at(row, of.a), table.at(row, of.b)))).toBe(from);
        expect([table.score(row), table.metres(row)]).toEqual([from, 2 * from]);
      }
    }),
    { numRuns: 20 },
  );
});
