import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayLeave, toFit } from './budget.ts';

const held = fc
  .array(
    fc.record({
      opened: fc.integer({ min: 0, max: 100 }).map((hours) => hours * 3_600_000),
      bytes: fc.integer({ min: 0, max: 100 }),
      writing: fc.boolean(),
      judged: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((list) => list.map((one, n) => ({ ...one, order: n + 1, scan: `s${n}` })));

test('what is given up may leave, is the oldest that may, and is no more than needed', () => {
  const limits = { maxBytes: 300, days: 30, unjudgedHours: 24 };
  const now = 100 * 3_600_000;
  fc.assert(
    fc.property(held, fc.nat(200), (all, more) => {
      const used = all.reduce((sum, { bytes }) => sum + bytes, 0);
      const leaving = all.filter(
        ({ writing, judged, opened }) => !writing && (judged || now - opened >= 86_400_000),
      );
      const chosen = toFit([...all].reverse(), limits, now, { used, more });
      const free = (list: typeof all) => list.reduce((sum, { bytes }) => sum + bytes, 0);
      const needed = used + more - limits.maxBytes;
      if (needed <= 0) expect(chosen).toEqual([]);
      else if (free(leaving) < needed) expect(chosen).toBeUndefined();
      else {
        const prefix = leaving.slice(0, chosen?.length);
        expect(chosen).toEqual(prefix);
        expect([free(prefix) >= needed, free(prefix.slice(0, -1)) < needed]).toEqual([true, true]);
        expect(prefix.every((one) => mayLeave(one, limits, now))).toBe(true);
      }
    }),
  );
});
