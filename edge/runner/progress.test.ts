import { beforeEach, expect, test } from 'vitest';
import { type FlowProgress, Progress } from './progress.ts';

let now = 0;
let lag = 0;
let blocked = false;
let flows: FlowProgress[] = [];
let progress: Progress;
beforeEach(() => {
  now = 0;
  lag = 0;
  blocked = false;
  flows = [];
  progress = new Progress({
    monotonic: () => now,
    lagMs: () => lag,
    blocked: () => blocked,
    flows: () => flows,
  });
});

test('nothing to do is no standstill, and neither is a flow that is held and works', () => {
  for (let moved = 0; moved < 50; moved++) {
    now += 10_000;
    flows = [
      { flow: 'quiet', held: false, moved: 7 },
      { flow: 'busy', held: true, moved },
    ];
    expect(progress.look()).toBeUndefined();
  }
});

test('a flow that holds its sources and does nothing is stuck, until it goes on', () => {
  flows = [{ flow: 'hung', held: true, moved: 7 }];
  expect(progress.look()).toBeUndefined();
  now += 29_000;
  expect(progress.look()).toBeUndefined();
  now += 2000;
  expect(progress.look()).toMatch(/hung/);
  flows = [{ flow: 'hung', held: true, moved: 8 }];
  expect(progress.look()).toBeUndefined();
});

test('messages that are not committed are stuck, but not on a disk that is full and said so', () => {
  lag = 31_000;
  expect(progress.look()).toMatch(/committed/);
  blocked = true;
  expect(progress.look()).toBeUndefined();
});
