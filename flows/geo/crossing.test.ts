import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collection,
  gridPoint,
  gridRing,
  type Point,
  polygon,
  type Ring,
  rectangle,
} from '#test/support/polygons';
import { metresPerDegree } from './distance.ts';
import { indexFences, pointAt } from './fence-index.ts';
import { readFences } from './fences.ts';

const indexOf = (ring: Ring) => indexFences(readFences(collection(polygon('f', ring))));
const meetingsOf = (ring: Ring, [x1, y1]: Point, [x2, y2]: Point) =>
  indexOf(ring).meetings(0, { x1, y1, x2, y2 });

/** Exact for coordinates on the grid. */
const side = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point) =>
  Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
const inBox = ([ax, ay]: Point, [bx, by]: Point, [x, y]: Point) =>
  Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by);
const on = (a: Point, b: Point, c: Point) => side(a, b, c) === 0 && inBox(a, b, c);
const touch = (a: Point, b: Point, c: Point, d: Point) =>
  (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) ||
  on(a, b, c) ||
  on(a, b, d) ||
  on(c, d, a) ||
  on(c, d, b);

describe('meetings of a segment with a fence', () => {
  test('are there exactly when it touches an edge, and lie on the edges', () => {
    fc.assert(
      fc.property(gridRing, gridPoint, gridPoint, (ring, from, to) => {
        const fractions = meetingsOf(ring, from, to);
        const touches = ring.slice(1).some((corner, i) => touch(from, to, ring[i] as Point, corner));
        expect(fractions.length > 0).toBe(touches);
        const index = indexOf(ring);
        const segment = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
        for (const fraction of fractions) {
          expect(index.isWithin(0, ...pointAt(segment, fraction), 1e-6)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  const square = rectangle(0, 0, 4, 4);
  test.each<[string, Point, Point, number[]]>([
    ['through two sides', [-2, 1], [6, 1], [0.25, 0.75]],
    ['through two corners', [-4, -4], [8, 8], [1 / 3, 1 / 3, 2 / 3, 2 / 3]],
    ['past a corner', [-1, 1], [1, -1], [0.5, 0.5]],
    ['along a side', [-2, 4], [2, 4], [0.5, 0.5, 1]],
    ['from the edge in', [0, 1], [1, 1], [0]],
    ['beside it', [5, 0], [5, 4], []],
    ['inside of it', [1, 1], [3, 3], []],
  ])('%s', (_, from, to, fractions) => {
    const found = meetingsOf(square, from, to);
    expect(found).toHaveLength(fractions.length);
    fractions.forEach((fraction, i) => {
      expect(found[i]).toBeCloseTo(fraction, 12);
    });
  });
});

test('distances are those of the ellipsoid', () => {
  // lengths of a degree as tables of the WGS 84 ellipsoid give them
  expect(metresPerDegree(0)).toMatchObject({
    lon: expect.closeTo(111_319.5, 0),
    lat: expect.closeTo(110_574.3, 0),
  });
  expect(metresPerDegree(45)).toMatchObject({
    lon: expect.closeTo(78_846.8, 0),
    lat: expect.closeTo(111_131.8, 0),
  });
});

test('a point is near an edge on either side of it, to the centimetre', () => {
  const index = indexOf(rectangle(0, 0, 0.01, 0.01));
  const distances: [number, number, number][] = [
    [0.005, -0.001, 110.57],
    [0.011, 0.011, Math.hypot(110.57, 111.32)],
    [0.005, 0.005, 552.87],
  ];
  for (const [x, y, metres] of distances) {
    expect([index.isWithin(0, x, y, metres - 0.05), index.isWithin(0, x, y, metres + 0.05)]).toEqual([
      false,
      true,
    ]);
  }
  // farther than cells are worth looking through
  expect(index.isWithin(0, 1, 0.005, 110_000)).toBe(false);
  expect(index.isWithin(0, 1, 0.005, 110_250)).toBe(true);
});

test('near visits what holds the end or is met, each once, in order of the numbers', () => {
  fc.assert(
    fc.property(
      fc.array(gridRing, { minLength: 1, maxLength: 8 }),
      gridPoint,
      gridPoint,
      (rings, from, to) => {
        const index = indexFences(readFences(collection(...rings.map((ring, i) => polygon(`f${i}`, ring)))));
        const segment = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
        const visited: [number, boolean][] = [];
        index.near(segment, (fence, inside) => visited.push([fence, inside]));
        const expected = rings.flatMap((_, fence): [number, boolean][] => {
          const inside = index.contains(fence, to[0], to[1]);
          return inside || index.meetings(fence, segment).length > 0 ? [[fence, inside]] : [];
        });
        expect(visited).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});
