import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selfCrossing } from './self-crossing.ts';

test.each([
  [
    'a square',
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    undefined,
  ],
  [
    'a square with a corner told twice',
    [
      [0, 0],
      [1, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    undefined,
  ],
  [
    'a bow tie',
    [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ],
    [0, 2],
  ],
  [
    'two loops that touch at a corner',
    [
      [0, 0],
      [1, 1],
      [2, 0],
      [2, 2],
      [1, 1],
      [0, 2],
      [0, 4],
    ],
    [0, 3],
  ],
  [
    'a spike',
    [
      [0, 0],
      [2, 0],
      [3, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ],
    [1, 2],
  ],
  [
    'an edge along another',
    [
      [0, 0],
      [4, 0],
      [4, 1],
      [3, 0],
      [1, 0],
      [0, 1],
      [0, 4],
    ],
    [0, 2],
  ],
])('%s', (_, ring, expected) => {
  expect(selfCrossing(ring)).toEqual(expected);
});

test('a star around a point is simple, and is not any more when two of its corners change places', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 5, maxLength: 40 }),
      fc.nat(),
      (radii, pick) => {
        const corners = radii.map((radius, i) => {
          const angle = (2 * Math.PI * i) / radii.length;
          return [radius * Math.cos(angle), radius * Math.sin(angle)];
        });
        expect(selfCrossing([...corners, corners[0] as number[]])).toBeUndefined();
        const even = corners.map((_, i) => {
          const angle = (2 * Math.PI * i) / radii.length;
          return [Math.cos(angle), Math.sin(angle)];
        });
        const at = 1 + (pick % (even.length - 3));
        [even[at], even[at + 1]] = [even[at + 1] as number[], even[at] as number[]];
        expect(selfCrossing([...even, even[0] as number[]])).toBeDefined();
      },
    ),
    { numRuns: 60 },
  );
});
