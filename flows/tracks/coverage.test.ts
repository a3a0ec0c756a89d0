import { expect, test } from 'vitest';
import { type Cell, count, countedBefore, fold, newCell } from './coverage.ts';

const passed = (n = 1) => ({ passed: n, lost: 0, who: {} });
const lost = (name: string, by = 1) => ({ passed: 0, lost: by, who: { [name]: by } });

test('counts by day, and says what was before a day, whatever came since', () => {
  const cell: Cell = newCell(100);
  count(cell, 100, passed(5), 99);
  count(cell, 100, lost('a'), 99);
  count(cell, 101, passed(7), 99);
  expect(countedBefore(cell, 100)).toEqual(passed(0));
  const faded = 0.5 ** (1 / 30);
  expect(countedBefore(cell, 101)).toEqual({ passed: 5 * faded, lost: faded, who: { a: 1 } });
  const then = countedBefore(cell, 101);
  count(cell, 101, lost('b'), 100);
  count(cell, 102, passed(), 101);
  expect(countedBefore(cell, 101)).toEqual(then);
  const { passed: both, lost: two, who } = countedBefore(cell, 102);
  expect(both).toBeCloseTo(5 * faded * faded + 7 * faded);
  expect(two).toBeCloseTo(faded * faded + faded);
  expect(who).toEqual({ a: 1, b: 1 });
});

test('what is withdrawn is taken out again, of an open day and of one in the sums', () => {
  const cell = newCell(100);
  for (const day of [100, 110]) {
    count(cell, 100, lost('a'), day);
    count(cell, 100, lost('a', -1), day);
    expect(countedBefore(cell, 111)).toEqual(passed(0));
  }
});

test('fades: half in thirty days, by whatever steps, and names go when nothing is left', () => {
  const [cell, other] = [newCell(100), newCell(100)];
  for (const one of [cell, other]) count(one, 100, { passed: 8, lost: 1, who: { a: 1 } }, 100);
  fold(cell, 130);
  expect(cell).toMatchObject({ passed: 4, lost: 0.5, who: { a: 1 }, days: [] });
  for (const day of [101, 107, 130]) fold(other, day);
  expect(other.passed).toBeCloseTo(4, 9);
  expect(countedBefore(newCell(7), 9).passed).toBe(0);
  expect(countedBefore(cell, 160).passed).toBe(2);
  fold(cell, 162);
  expect(cell.who).toEqual({});
});

test('keeps few names, however many fall silent', () => {
  const cell = newCell(100);
  for (let i = 0; i < 100; i++) count(cell, 100, lost(`d${i}`), 90);
  expect(cell.days[0]?.lost).toBe(100);
  expect(Object.keys(cell.days[0]?.who ?? {})).toHaveLength(8);
});
