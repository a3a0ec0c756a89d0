import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bareShare, carry, type Stand } from './carried.ts';

const view = { width: 1000, height: 600 };
const stand = fc.record({
  x: fc.double({ min: 0.4, max: 0.6, noNaN: true }),
  y: fc.double({ min: 0.4, max: 0.6, noNaN: true }),
  scale: fc.double({ min: 1e5, max: 1e7, noNaN: true }),
});
/** CSS px of a place on the screen, as a map projects it. */
const seen = (at: Stand, x: number, y: number) => [
  (x - at.x) * at.scale + view.width / 2,
  (y - at.y) * at.scale + view.height / 2,
];

test('a carried picture has every place where the map would draw it', () => {
  fc.assert(
    fc.property(stand, stand, stand, (drawn, now, { x, y }) => {
      const { dx, dy, times } = carry(drawn, now);
      const [px = 0, py = 0] = seen(drawn, x, y);
      const carried = [
        (px - view.width / 2) * times + view.width / 2 + dx,
        (py - view.height / 2) * times + view.height / 2 + dy,
      ];
      const drawnNow = seen(now, x, y);
      for (const axis of [0, 1]) expect(carried[axis]).toBeCloseTo(drawnNow[axis] as number, 3);
    }),
  );
});

test.each([
  ['where it was drawn', { dx: 0, dy: 0, times: 1 }, 0],
  ['a quarter to the right', { dx: 250, dy: 0, times: 1 }, 0.25],
  ['half up', { dx: 0, dy: -300, times: 1 }, 0.5],
  ['out of sight', { dx: 2000, dy: 0, times: 1 }, 1],
  ['at half its size', { dx: 0, dy: 0, times: 0.5 }, 0.75],
  ['twice as large and a little aside', { dx: 400, dy: 0, times: 2 }, 0],
])('%s it leaves bare what it does', (_, at, bare) => {
  expect(bareShare(at, view)).toBeCloseTo(bare, 9);
});
