import { expect, test } from 'vitest';
import { delayed } from './replayed.ts';

/** Pieces that were due 0 and 300 ms after each other and have all come by now. */
async function* twoPieces() {
  const now = performance.now();
  yield { bytes: Uint8Array.of(1), dueMs: now - 5000 };
  yield { bytes: Uint8Array.of(2), dueMs: now - 4700 };
}

test('what waits for a listener keeps its distances', async () => {
  const began = performance.now();
  const came: number[] = [];
  for await (const _ of delayed(twoPieces(), 100, new AbortController().signal))
    came.push(performance.now() - began);
  const [first = 0, second = 0] = came;
  expect(first).toBeGreaterThanOrEqual(95);
  expect(second).toBeGreaterThanOrEqual(395);
});
