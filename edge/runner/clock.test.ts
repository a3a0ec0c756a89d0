import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoxClock } from './clock.ts';
import { completeTime } from './complete.ts';
import { SourceLag } from './lag.ts';

const day = Date.UTC(2026, 10, 22);

test('the clock never goes back, never stands still for long, and comes to agree with the wall clock', () => {
  const step = fc.record({
    passes: fc.integer({ min: 1, max: 100_000 }),
    jump: fc.integer({ min: -1e7, max: 1e7 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let wall = day;
      let monotonic = 5;
      const clock = new BoxClock({ wall: () => wall, monotonic: () => monotonic });
      let before = clock.now();
      for (const { passes, jump } of steps) {
        wall += passes + jump;
        monotonic += passes;
        const now = clock.now();
        expect(now - before).toBeGreaterThanOrEqual(Math.floor(passes / 2) - 1);
        expect(now).toBeGreaterThanOrEqual(wall - 3);
        before = now;
      }
      const behind = before - wall;
      monotonic += 2 * behind + 10;
      wall += 2 * behind + 10;
      expect(Math.abs(clock.now() - wall)).toBeLessThanOrEqual(3);
      expect(clock.offsetMs()).toBeUndefined();
    }),
  );
});

test('a wall clock that is read a little earlier than before is no way back', () => {
  let wall = day;
  const clock = new BoxClock({ wall: () => wall, monotonic: () => 0 });
  const before = clock.now();
  wall -= 1;
  expect(clock.now()).toBe(before);
});

test('while it is ahead it says by how much', () => {
  let wall = day;
  const clock = new BoxClock({ wall: () => wall, monotonic: () => 0 });
  clock.now();
  wall -= 3_600_000;
  expect(clock.offsetMs()).toBe(3_600_000);
});

test('what chrony knows of the wall clock counts too', () => {
  const clock = new BoxClock({ wall: () => day, monotonic: () => 0 });
  clock.wallIsOff(-90_000);
  expect(clock.offsetMs()).toBe(-90_000);
  clock.wallIsOff(200);
  expect(clock.offsetMs()).toBeUndefined();
});

test.each([
  ['08:00:00', day + 8.1 * 3_600_000, '2026-11-22T08:00:00.000Z'],
  ['23:59:59.500', day + 10_000, '2026-11-21T23:59:59.500Z'],
  ['00:00:01', day + 86_399_000, '2026-11-23T00:00:01.000Z'],
  ['nonsense', day, '2026-11-22T00:00:00.000Z'],
  [undefined, day, '2026-11-22T00:00:00.000Z'],
])('a message at %s is dated by the clock', (timeOfDay, now, expected) => {
  const attributes = timeOfDay === undefined ? {} : { timeOfDay };
  const message = { kind: 'reading', quality: 'good', attributes, name: 'n', value: 1, unit: '1' } as const;
  expect(completeTime(message, now).time).toBe(expected);
  const dated = { ...message, time: '2020-01-01T00:00:00Z' };
  expect(completeTime(dated, now)).toBe(dated);
});

test('lag is what a source fell behind, whatever its clock, and one late message is none', () => {
  const lag = new SourceLag();
  const tick = (now: number, ...delays: number[]) => {
    for (const delay of delays) lag.sample(new Date(now - delay).toISOString());
    lag.tick(now);
    return lag.lagMs;
  };
  expect(tick(day, 7000)).toBe(0);
  expect(tick(day + 1000, 7000, 60_000)).toBe(0);
  expect(tick(day + 2000, 15_000, 16_000)).toBe(8000);
  expect(tick(day + 3000)).toBe(0);
  expect(tick(day + 4000, 7000)).toBe(0);
});
