import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarMs, isoText } from './moment.ts';

const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

test('a moment has a text that messages may carry, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.integer({ min: -1e15, max: 1e15 })), (ms) => {
      const text = isoText(ms);
      if (text === undefined) return !(ms >= 0 && ms < 253_402_300_800_000);
      return pattern.test(text) && Date.parse(text) === Math.trunc(ms);
    }),
  );
  expect([
    isoText(Date.parse('+012345-01-01T00:00:00Z')),
    isoText(Date.parse('-000554-01-01T00:00:00Z')),
  ]).toEqual([undefined, undefined]);
});

test('days that no calendar has are no moments', () => {
  expect(isoText(calendarMs([2024, 2, 29], [23, 59, 59]))).toBe('2024-02-29T23:59:59.000Z');
  for (const [date, time] of [
    [
      [2023, 2, 29],
      [0, 0, 0],
    ],
    [
      [2024, 13, 1],
      [0, 0, 0],
    ],
    [
      [2024, 0, 1],
      [0, 0, 0],
    ],
    [
      [2024, -30_000, 12],
      [0, 0, 0],
    ],
    [
      [2024, 1, 0],
      [0, 0, 0],
    ],
    [
      [2024, 1, 1],
      [24, 0, 0],
    ],
    [
      [2024, 1, 1],
      [0, -1, 0],
    ],
    [
      [2024, 1, 1],
      [0, 0, 60],
    ],
  ] as const)
    expect(isoText(calendarMs(date, time))).toBeUndefined();
});
