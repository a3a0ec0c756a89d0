import { Type } from 'typebox';

/**
 * Intervals between fixes by length: the n-th count is of those from 2^n up to 2^(n+1) seconds. Devices report every
 * second or twice a day, and change that when they stand: doubled lengths tell the one from the other in a few numbers.
 */
export const Intervals = Type.Array(Type.Number(), {
  description: 'Intervals between fixes, by length in powers of two seconds.',
});

const lengths = 17;
/** Intervals that count at most: beyond, all are worth half, so that a new habit is learned. */
const most = 1000;
/** One in twenty, and one in any case, is no habit: a night in the yard, or a tunnel on the way, stays a silence. */
const outlierShare = 0.05;
const fewest = 3;

/** Changes `intervals` in place. */
export function addInterval(intervals: number[], seconds: number): void {
  if (!(seconds > 0)) return;
  const length = Math.min(lengths - 1, 31 - Math.clz32(Math.max(1, seconds)));
  while (intervals.length <= length) intervals.push(0);
  intervals[length] = (intervals[length] ?? 0) + 1;
  let sum = 0;
  for (const count of intervals) sum += count;
  if (sum < most) return;
  for (let i = 0; i < intervals.length; i++) intervals[i] = Math.floor((intervals[i] ?? 0) / 2);
}

/** The interval that 95 in 100 are within, but for less than a factor of two, seconds; 0 while that is not known. */
export function usualSeconds(intervals: readonly number[]): number {
  const sum = intervals.reduce((all, count) => all + count, 0);
  if (sum < fewest) return 0;
  let beyond = Math.max(1, sum * outlierShare);
  for (let i = intervals.length - 1; i >= 0; i--) {
    beyond -= intervals[i] ?? 0;
    if (beyond < 0) return 2 ** (i + 1);
  }
  return 0;
}
