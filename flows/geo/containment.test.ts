import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collection,
  gridPoint,
  gridRing,
  multiPolygon,
  type Point,
  pnpoly,
  point,
  polygon,
  type Ring,
  rectangle,
  star,
  tangle,
} from '#test/support/polygons';
import { indexFences } from './fence-index.ts';
import { readFences } from './fences.ts';

function indexOf(...features: object[]) {
  const read = readFences(collection(...features));
  expect(read.problems).toEqual([]);
  return indexFences(read);
}

/** On an edge; exact for coordinates whose products a double holds. */
const onRing = ([x, y]: Point, ring: Ring) =>
  ring.slice(1).some(([x2, y2], i) => {
    const [x1, y1] = ring[i] as Point;
    const within =
      Math.min(x1, x2) <= x && x <= Math.max(x1, x2) && Math.min(y1, y2) <= y && y <= Math.max(y1, y2);
    return within && (x2 - x1) * (y - y1) === (x - x1) * (y2 - y1);
  });

const turf = (feature: object, [x, y]: Point) =>
  booleanPointInPolygon([x, y], feature as Parameters<typeof booleanPointInPolygon>[1]);

describe('containment', () => {
  test('is even-odd on stars and on rings that cross themselves', () => {
    fc.assert(
      fc.property(fc.oneof(star(point, fc.constant(0.5)), tangle), fc.array(point), (ring, points) => {
        const index = indexOf(polygon('f', ring));
        for (const [x, y] of points)
          expect(index.contains(0, x, y)).toBe(onRing([x, y], ring) || pnpoly(x, y, ring));
      }),
      { numRuns: 300 },
    );
  });

  test('agrees with Turf on polygons with holes and on multipolygons', () => {
    const centre = fc.constant<Point>([0, 0]);
    const holed = fc.tuple(star(centre, fc.constant(1)), star(centre, fc.constant(0.25)));
    fc.assert(
      fc.property(
        holed,
        star(fc.constant<Point>([3, 0]), fc.constant(1)),
        fc.array(point),
        (rings, other, points) => {
          const features = [polygon('holed', ...rings), multiPolygon('two', rings, [other])];
          const index = indexOf(...features);
          for (const at of [...points, ...points.map(([x, y]): Point => [3 + x, y])]) {
            expect(index.contains(0, ...at)).toBe(turf(features[0] as object, at));
            expect(index.contains(1, ...at)).toBe(turf(features[1] as object, at));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('takes points on edges and corners in, and decides all others exactly', () => {
    fc.assert(
      fc.property(gridRing, fc.array(gridPoint, { minLength: 10 }), (ring, points) => {
        const index = indexOf(polygon('f', ring));
        for (const at of [...points, ...ring]) {
          expect(index.contains(0, ...at)).toBe(onRing(at, ring) || pnpoly(...at, ring));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is exact one step of a double beside a long slanted edge', () => {
    const index = indexOf(
      polygon('f', [
        [0, 0],
        [30, 10],
        [0, 10],
        [0, 0],
      ]),
    );
    // (3, 1) lies on the edge exactly
    expect(index.contains(0, 3, 1)).toBe(true);
    expect(index.contains(0, 3 + 4.5e-16, 1)).toBe(false);
    expect(index.contains(0, 3, 1 + 2.3e-16)).toBe(true);
    expect(index.contains(0, 3, 1 - 1.2e-16)).toBe(false);
  });

  test('takes a hole out, but not its edge', () => {
    const index = indexOf(polygon('f', rectangle(0, 0, 4, 4), rectangle(1, 1, 3, 3)));
    expect([0.5, 1, 2, 3, 3.5].map((x) => index.contains(0, x, 2))).toEqual([true, true, false, true, true]);
  });

  test('finds by the index what each fence says', () => {
    const many = fc.array(star(point, fc.constantFrom(0.05, 0.4, 2)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(many, fc.array(point, { minLength: 1, maxLength: 10 }), (rings, points) => {
        const index = indexOf(...rings.map((ring, i) => polygon(`f${i}`, ring)));
        for (const [x, y] of points) {
          const found: number[] = [];
          index.near({ x1: x, y1: y, x2: x, y2: y }, (fence, inside) => inside && found.push(fence));
          const expected = rings.flatMap((ring, i) => (pnpoly(x, y, ring) ? [i] : []));
          expect(found.sort((a, b) => a - b)).toEqual(expected);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('fences', () => {
  const ring = rectangle(0, 0, 1, 1);
  test.each<[string, unknown, string]>([
    ['no collection', { type: 'Feature' }, ''],
    ['no feature', collection({ type: 'x' }), 'features[0]'],
    ['no id', collection({ ...polygon('a', ring), properties: {} }), 'features[0].properties.id'],
    ['an id twice', collection(polygon('a', ring), polygon('a', ring)), 'features[1].properties.id'],
    ['a line', collection({ ...polygon('a'), geometry: { type: 'LineString' } }), 'features[0].geometry'],
    ['an open ring', collection(polygon('a', ring.slice(1))), 'features[0].geometry.coordinates[0]'],
    [
      'a place off the Earth',
      collection(polygon('a', rectangle(0, 0, 181, 1))),
      'features[0].geometry.coordinates[0][1]',
    ],
    [
      'an edge across the antimeridian',
      collection(polygon('a', rectangle(179, 0, -179, 1))),
      'features[0].geometry.coordinates[0][1]',
    ],
  ])('%s is a problem with its path', (_, value, path) => {
    expect(readFences(value).problems.map((problem) => problem.path)).toEqual([path]);
  });

  test('of any JSON are read or refused, never thrown at', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readFences(collection(value as object))));
  });
});
