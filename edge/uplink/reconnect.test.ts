import { expect, test } from 'vitest';
import { reconnectWaitMs } from './reconnect.ts';

const failures = Array.from({ length: 40 }, (_, n) => n + 1);

test('waits grow up to a minute, and at least half of each is waited', () => {
  const [least, most] = [
    failures.map((n) => reconnectWaitMs(n, () => 0)),
    failures.map((n) => reconnectWaitMs(n, () => 1)),
  ];
  expect(most.slice(0, 4).map(Math.round)).toEqual([500, 600, 720, 864]);
  expect(most.at(-1)).toBe(60_000);
  for (const [n, wait] of most.entries()) {
    expect(least[n]).toBe(wait / 2);
    expect(wait).toBeGreaterThanOrEqual(most[n - 1] ?? 0);
  }
});

test('a thousand boxes that lost their hub in one moment do not dial it in one moment', () => {
  const dials = Array.from({ length: 1000 }, (_, n) => reconnectWaitMs(12, () => n / 1000));
  const busiest = Math.max(...dials.map((at) => dials.filter((other) => Math.abs(other - at) < 50).length));
  expect(busiest).toBeLessThan(100);
});
