import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selfCrossing } from './self-crossing.ts';

/** `1 0, 2 0` as positions. */
const ring = (text: string) => text.split(', ').map((point) => point.split(' ').map(Number));

test.each([
  ['a square', '0 0, 1 0, 1 1, 0 1, 0 0', undefined],
  ['a square with a corner told twice', '0 0, 1 0, 1 0, 1 1, 0 1, 0 0', undefined],
  ['a bow tie', '0 0, 1 1, 1 0, 0 1, 0 0', [0, 2]],
  ['two loops that touch at a corner', '0 0, 1 1, 2 0, 2 2, 1 1, 0 2, 0 0', [0, 4]],
  ['a spike', '0 0, 2 0, 3 0, 2 0, 2 2, 0 0', [0, 2]],
  ['an edge along another', '0 0, 4 0, 4 1, 3 0, 1 0, 0 1, 0 0', [0, 4]],
])('%s', (_, text, expected) => {
  expect(selfCrossing(ring(text))).toEqual(expected);
});

test('a star around a point is simple, and a circle is not any more when two of its corners change places', () => {
  const around = (radii: readonly number[]) =>
    radii.map((radius, i) => {
      const angle = (2 * Math.PI * i) / radii.length;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
  const closed = (corners: readonly number[][]) => [...corners, corners[0] as number[]];
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 5, maxLength: 40 }),
      fc.nat(),
      (radii, pick) => {
        expect(selfCrossing(closed(around(radii)))).toBeUndefined();
        const circle = around(radii.map(() => 1));
        const at = 1 + (pick % (circle.length - 3));
        [circle[at], circle[at + 1]] = [circle[at + 1] as number[], circle[at] as number[]];
        expect(selfCrossing(closed(circle))).toBeDefined();
      },
    ),
    { numRuns: 60 },
  );
});
