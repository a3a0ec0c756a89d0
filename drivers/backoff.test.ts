import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const options = { firstMs: 500, capMs: 60_000, resetAfterMs: 30_000 };

test('doubles up to the cap, of which at least half is waited', () => {
  const longest = [1, 2, 3, 8, 100].map((failures) => backoffMs(options, failures, 0.999999));
  expect(longest).toEqual([500, 1000, 2000, 60_000, 60_000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (n, r) => {
      const full = backoffMs(options, n, 1);
      const delay = backoffMs(options, n, r);
      expect(delay).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(delay).toBeLessThanOrEqual(full);
    }),
  );
});
