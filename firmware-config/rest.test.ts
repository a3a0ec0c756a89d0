import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { shrinkAtRest } from './rest.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Collections after each stretch of 1 s, of which so many ms were work. */
function collections(workMs: readonly number[]): number[] {
  let cpuUs = 0;
  let collected = 0;
  const collect = () => {
    collected += 1;
    cpuUs += 900_000; // it is work itself, and no reason for another
  };
  const stop = shrinkAtRest({ everyMs: 1000, cpuUs: () => cpuUs, collect });
  const result = workMs.map((ms) => {
    cpuUs += ms * 1000;
    vi.advanceTimersByTime(1000);
    return collected;
  });
  stop();
  vi.advanceTimersByTime(10_000);
  expect(collected).toBe(result.at(-1));
  return result;
}

test('collects once when work has ended, and again only after more work', () => {
  expect(collections([0, 0, 0, 0])).toEqual([0, 0, 1, 1]);
  expect(collections([900, 60, 20, 20, 20, 80, 20, 20, 20])).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1]);
  expect(collections([0, 0, 300, 0, 0, 0, 0])).toEqual([0, 0, 0, 0, 0, 1, 1]);
});

test('collects for real', async () => {
  vi.useRealTimers();
  const garbage = new WeakRef({ much: new Array(1000).fill(0) });
  const stop = shrinkAtRest({ everyMs: 20, cpuUs: () => 0 });
  await vi.waitUntil(() => garbage.deref() === undefined, { timeout: 10_000 });
  stop();
});
