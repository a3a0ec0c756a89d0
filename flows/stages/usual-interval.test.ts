import { expect, test } from 'vitest';
import { addInterval, usualSeconds } from './usual-interval.ts';

const learned = (...lists: readonly (readonly number[])[]) => {
  const intervals: number[] = [];
  for (const seconds of lists.flat()) addInterval(intervals, seconds);
  return intervals;
};
const times = (count: number, seconds: number) => new Array<number>(count).fill(seconds);

test('is no more than twice what 95 in 100 are within, and nothing while little is known', () => {
  expect(usualSeconds(learned(times(2, 10)))).toBe(0);
  expect(usualSeconds(learned(times(200, 10), [5000]))).toBe(16);
  expect(usualSeconds(learned(times(200, 10), times(12, 5000)))).toBe(8192);
  expect(usualSeconds(learned(times(3, 3600)))).toBe(4096);
});

test('one silence among few intervals is not a habit, and what is no interval counts nothing', () => {
  expect(usualSeconds(learned(times(3, 10), [700]))).toBe(16);
  expect(learned([0, -5, Number.NaN])).toEqual([]);
});

test('a habit that has changed is learned anew, and the counts stay small', () => {
  const intervals = learned(times(5000, 3600), times(6000, 10));
  expect(usualSeconds(intervals)).toBe(16);
  expect(Math.max(...intervals)).toBeLessThan(1000);
});
