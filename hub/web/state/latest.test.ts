import { expect, test } from 'vitest';
import { createLatest } from './latest.ts';

function recorded() {
  const calls: { argument: number; signal: AbortSignal; finish: () => void }[] = [];
  const latest = createLatest<number>(
    (argument, signal) =>
      new Promise((resolve) => {
        calls.push({ argument, signal, finish: resolve });
      }),
  );
  return { calls, latest };
}
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('of the wishes that come while one runs only the newest is run', async () => {
  const { calls, latest } = recorded();
  for (const n of [1, 2, 3]) latest.request(n);
  expect(calls.map((c) => c.argument)).toEqual([1]);
  calls[0]?.finish();
  await settle();
  expect(calls.map((c) => c.argument)).toEqual([1, 3]);
});

test('a restart aborts what runs, and its end starts nothing', async () => {
  const { calls, latest } = recorded();
  latest.request(1);
  latest.request(2);
  latest.restart(3);
  expect(calls.map((c) => [c.argument, c.signal.aborted])).toEqual([
    [1, true],
    [3, false],
  ]);
  calls[0]?.finish();
  await settle();
  expect(calls).toHaveLength(2);
});
