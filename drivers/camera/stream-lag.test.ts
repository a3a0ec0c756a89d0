import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StreamLag } from './stream-lag.ts';

const period = fc.double({ min: 0.02, max: 2, noNaN: true });
const delays = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 100 });

test('is how much later a picture came than the quickest one, whatever the clock of the camera says and how it drifts', () => {
  const ppm = fc.double({ min: -400, max: 400, noNaN: true });
  fc.assert(
    fc.property(
      period,
      delays,
      ppm,
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (stepS, late, off, startS) => {
        const lag = new StreamLag();
        let quickest = Number.POSITIVE_INFINITY;
        let before = 0;
        late.forEach((delayMs, i) => {
          const seenMs = i * stepS * 1000;
          const cameMs = Math.max(before, seenMs + delayMs);
          before = cameMs;
          quickest = Math.min(quickest, cameMs - seenMs);
          lag.heard(startS + i * stepS * (1 + off * 1e-6), cameMs);
          const said = lag.ms;
          expect(said).toBeGreaterThanOrEqual(0);
          // A clock that drifts, and one that might, over all that came.
          expect(Math.abs(said - (cameMs - seenMs - quickest))).toBeLessThan(1 + 0.001 * cameMs);
        });
      },
    ),
  );
});

test('begins anew with the stream', () => {
  const lag = new StreamLag();
  lag.heard(100, 0);
  lag.heard(101, 1000);
  expect(lag.ms).toBe(0);
  lag.heard(0, 2000);
  expect(lag.ms).toBe(0);
  lag.heard(1, 8000);
  expect(lag.ms).toBeCloseTo(5000, -1);
});

test('a clock that runs slightly wrong makes no picture late, however long it runs', () => {
  const lag = new StreamLag();
  for (let s = 0; s < 100_000; s++) lag.heard(s * 0.9998, s * 1000);
  expect(lag.ms).toBeLessThan(1);
});
