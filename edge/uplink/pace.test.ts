import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('over any pattern no more goes than the rate and one burst and one batch', () => {
  const step = fc.record({
    passes: fc.integer({ min: 0, max: 500 }),
    bytes: fc.integer({ min: 1, max: 4000 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 2000 }), fc.array(step, { maxLength: 300 }), (kbps, steps) => {
      let now = 0;
      let sent = 0;
      const pace = new Pace(kbps, () => now);
      for (const { passes, bytes } of steps) {
        now += passes;
        if (pace.waitMs() > 0) continue;
        pace.spend(bytes);
        sent += bytes;
        expect(sent).toBeLessThanOrEqual((kbps * 125 * now) / 1000 + kbps * 125 + 4000);
      }
    }),
  );
});

test('after the wait that it names more may go, and not before', () => {
  let now = 0;
  const pace = new Pace(64, () => now);
  pace.spend(20_000);
  const wait = pace.waitMs();
  expect(wait).toBeGreaterThan(1000);
  now = wait - 10;
  expect(pace.waitMs()).toBeGreaterThan(0);
  now = wait + 1;
  expect(pace.waitMs()).toBe(0);
});

test('without a limit nothing waits', () => {
  const pace = new Pace(undefined, () => 0);
  pace.spend(1e12);
  expect(pace.waitMs()).toBe(0);
});
