import { expect, test } from 'vitest';
import { wrongTransitions } from './noise.ts';

test.each([
  [2, 0],
  [2, 0.9],
  [10, 0],
])('no flapping in 10 m of noise: fixes every %i s, %d of the error kept', (fixSeconds, kept) => {
  expect(wrongTransitions(4000, fixSeconds, kept)).toBeLessThanOrEqual(1);
});
