import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkContainer, checkDigit, repairContainer } from './container-number.ts';

test('the check digit is that of the published example, and a remainder of ten is weak', () => {
  expect(checkDigit('CSQU305438')).toBe(3);
  expect(checkContainer('CSQU3054383')).toEqual({ ok: true, weak: false });
  expect(checkContainer('CSQU3054384')?.ok).toBe(false);
  expect(checkContainer('CSQ3054383')).toBeUndefined();
  const serials = Array.from({ length: 1000 }, (_, i) => `QWLU${String(i).padStart(6, '0')}`);
  const weak = serials.filter((body) => checkContainer(`${body}${checkDigit(body)}`)?.weak);
  expect(weak.length / serials.length).toBeCloseTo(1 / 11, 1);
});

test('characters of the wrong class are mended', () => {
  expect(repairContainer('CSQU3O54383')).toEqual({
    number: 'CSQU3054383',
    candidates: ['CSQU3054383'],
    changes: 1,
  });
  expect(repairContainer('csqu 305438-3')).toEqual({
    number: 'CSQU3054383',
    candidates: ['CSQU3054383'],
    changes: 0,
  });
  expect(repairContainer('C5QU3O54383').number).toBe('CSQU3054383');
  expect(repairContainer('CSQU30543')).toEqual({ candidates: [], changes: 0 });
});

test('never picks one of several, and gives none that does not fit', () => {
  const serial = fc.tuple(
    fc.constantFrom('CSQU', 'MSCU', 'QOLU', 'BDAU'),
    fc.integer({ min: 0, max: 999_999 }),
  );
  const broken = fc.tuple(serial, fc.nat(10), fc.constantFrom(...'0ODQ1IL2Z5S6G8B'));
  let ambiguous = 0;
  fc.assert(
    fc.property(broken, ([[owner, n], at, char]) => {
      const body = `${owner}${String(n).padStart(6, '0')}`;
      const number = `${body}${checkDigit(body)}`;
      const { number: only, candidates } = repairContainer(number.slice(0, at) + char + number.slice(at + 1));
      for (const one of candidates) expect(checkContainer(one)?.ok).toBe(true);
      if (candidates.length > 1) ambiguous += 1;
      expect(only).toBe(candidates.length === 1 ? candidates[0] : undefined);
    }),
    { numRuns: 2000, seed: 1 },
  );
  expect(ambiguous).toBeGreaterThan(0);
});
