import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Figure } from '#models/ore/fleet/figures';
import { exitOf, tell } from './print.ts';

const figure: Figure = {
  name: 'a',
  value: 0.5,
  unit: '1',
  low: 0.4,
  high: 0.6,
  count: 9,
  target: '1',
  reached: true,
};

test('a figure of nothing is not told, and misses nothing', () => {
  const stdout = new PassThrough();
  const io = {
    stdin: Readable.from([]),
    stdout,
    stderr: new PassThrough(),
    signal: new AbortController().signal,
  };
  const nothing = { ...figure, name: 'b', value: Number.NaN, count: 0, reached: false };
  tell([figure, nothing], false, io);
  expect(String(stdout.read())).toBe('a: 50.0 % (40.0 % to 60.0 %) of 9; to reach 1: reached\n');
  expect(exitOf([figure, nothing])).toBe(0);
  expect(exitOf([figure, { ...nothing, count: 1 }])).toBe(1);
});
