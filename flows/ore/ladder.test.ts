import { expect, test } from 'vitest';
import { declaredLot } from '#test/support/ore';
import { climb, drawFor, drawn, newcomer, type Standing } from './ladder.ts';

const settings = { qualifyLots: 3, climbLots: 2, shares: [1, 0.5, 0.2], floor: 0.05 };
const after = (results: readonly boolean[], from: Standing = newcomer) =>
  results.reduce((standing, clean) => climb(standing, clean, settings), from);

test('lots are skipped after so many clean ones in a row, and all inspected again after one that is not', () => {
  expect(after([true, true]).rung).toBe(0);
  expect(after([true, true, true])).toEqual({ rung: 1, clean: 0 });
  expect(after([true, true, true, true, true])).toEqual({ rung: 2, clean: 0 });
  expect(after(Array.from({ length: 20 }, () => true)).rung).toBe(2);
  expect(after([true, true, true, false])).toEqual(newcomer);
  expect(after([true, false, true, true]).rung).toBe(0);
});

test('a draw belongs to the lot and the box’s secret, whatever came before it', () => {
  expect(drawn('secret', 'L1')).toBe(drawn('secret', 'L1'));
  expect(drawn('secret', 'L1')).not.toBe(drawn('other', 'L1'));
  const draws = Array.from({ length: 4000 }, (_, i) => drawn('secret', `L${i}`));
  for (const level of [0.03, 0.2, 0.5])
    expect(Math.abs(draws.filter((one) => one < level).length / 4000 - level)).toBeLessThan(0.03);
});

test('the floor holds on every rung, and the first rung inspects all', () => {
  const share = (rung: number) =>
    Array.from({ length: 3000 }, (_, i) =>
      drawFor(declaredLot(`L${i}`), { rung, clean: 0 }, 's', { ...settings, shares: [1, 0.5, 0] }),
    ).filter(({ inspect }) => inspect).length / 3000;
  expect(share(0)).toBe(1);
  expect(Math.abs(share(1) - 0.5)).toBeLessThan(0.03);
  expect(Math.abs(share(2) - 0.05)).toBeLessThan(0.015);
});
