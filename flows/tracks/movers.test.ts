import { expect, test } from 'vitest';
import { Movers } from './movers.ts';

/** Drives along a line of places, 100 m apart, one a snapshot. */
function drive(movers: Movers, name: string, places: readonly (readonly [number, number])[]): number {
  const mover = movers.take(name);
  places.forEach(([x, y], i) => {
    movers.move({ mover, x, y, vx: 10, vy: 0, stretch: 1 }, i + 1);
  });
  return mover;
}
const along = (y: (i: number) => number) => Array.from({ length: 30 }, (_, i) => [100 * i, y(i)] as const);

test('a street along the border of cells is one way, whatever the receiver says', () => {
  const movers = new Movers();
  const straight = drive(
    movers,
    'a',
    along(() => 250),
  );
  const noisy = drive(
    movers,
    'b',
    along((i) => (i === 0 ? 250 : 250 + 30 * Math.sin(7 * i))),
  );
  expect(movers.entered[straight]).toBeGreaterThan(10);
  expect(movers.record(noisy).cells).toEqual(movers.record(straight).cells);
});

test('ways are learned of those that went before, and a jump is no way', () => {
  const movers = new Movers();
  for (let i = 0; i < 40; i++)
    drive(
      movers,
      `t${i}`,
      along((n) => (i % 2 === 0 || n < 15 ? 125 : 125 + 100 * (n - 14))),
    );
  const mover = drive(
    movers,
    'last',
    along(() => 125),
  );
  // half of them turned off: two of them do the same with a probability of a half
  const { nats } = movers.record(drive(movers, 'again', along(() => 125).slice(0, 20)));
  expect(Math.max(...nats)).toBeCloseTo(Math.LN2, 1);
  const before = movers.entered[mover] as number;
  movers.move({ mover, x: 90_000, y: 125, vx: 10, vy: 0, stretch: 1 }, 31);
  expect(movers.entered[mover]).toBe(before + 2);
  expect(movers.cell(mover, 1)).toBe(0);
});

test('a number that is free goes to the next, who knows nothing of the one before', () => {
  const movers = new Movers();
  const first = drive(
    movers,
    'a',
    along(() => 125),
  );
  movers.forget('a');
  expect(movers.take('b')).toBe(first);
  expect(movers.cell(first, 0)).toBe(0);
  expect(movers.names[first]).toBe('b');
});
