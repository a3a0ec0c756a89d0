import { expect, test } from 'vitest';
import { checkChanges } from './check.ts';
import { importChanges } from './import.ts';

const line = (coordinates: number[][], more: object = {}) => [
  {
    id: 'r',
    feature: {
      type: 'Feature' as const,
      properties: { id: 'r', ...more },
      geometry: { type: 'LineString' as const, coordinates },
    },
  },
];
const way = [
  [119, 34],
  [119.1, 34],
];

test.each([
  ['a route', line(way, { widthM: 80, oneWay: false }), undefined],
  ['no width', line(way, { widthM: -1 }), 'properties.widthM'],
  ['no direction', line(way, { oneWay: 'yes' }), 'properties.oneWay'],
  ['one place twice', line([way[0] as number[], way[0] as number[]]), 'geometry.coordinates'],
  ['another id', [{ id: 'q', feature: line(way)[0]?.feature }], 'properties.id'],
])('routes: %s', (_, changes, path) => {
  const found = checkChanges('routes', changes as ReturnType<typeof line>, [118, 33, 120, 35]);
  expect(found.map((problem) => problem.path)).toEqual(path === undefined ? [] : [path]);
});

const box = (west: number, east: number, south = 0, north = 10) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
test.each([
  ['a hole', [box(0, 10), box(2, 4, 2, 4)], undefined],
  [
    'two holes that touch each other and the outline',
    [box(0, 10), box(2, 4, 2, 4), box(4, 10, 2, 4)],
    undefined,
  ],
  ['a hole outside', [box(0, 10), box(20, 30)], /not inside of the outline/],
  ['a hole that sticks out', [box(0, 10), box(5, 15, 2, 4)], /crosses the outline/],
  ['a hole around the outline', [box(2, 4, 2, 4), box(0, 10)], /not inside/],
  ['a hole in a hole', [box(0, 10), box(1, 9, 1, 9), box(3, 5, 3, 5)], /overlaps hole 1/],
  ['holes that cross', [box(0, 10), box(1, 5, 1, 5), box(3, 9, 3, 9)], /overlaps hole 1/],
])('fences: %s', (_, coordinates, message) => {
  const feature = { type: 'Feature', properties: { id: 'f' }, geometry: { type: 'Polygon', coordinates } };
  const changes = [{ id: 'f', feature }] as unknown as ReturnType<typeof line>;
  const found = checkChanges('fences', changes, [0, 0, 10, 10]);
  expect(found.map((problem) => problem.message)).toEqual(message ? [expect.stringMatching(message)] : []);
});

test('a position with one number is told as such, wherever the port is', () => {
  const geometry = { type: 'Polygon', coordinates: [[[119], [119.1], [119.2], [119]]] };
  const changes = [{ id: 'f', feature: { type: 'Feature', properties: { id: 'f' }, geometry } }];
  const [found] = checkChanges('fences', changes as unknown as ReturnType<typeof line>, [118, 33, 120, 35]);
  expect(found?.message).toMatch(/is \[longitude, latitude\]/);
});

test('an id that no address could name is not taken in', () => {
  const features = [{ ...line(way)[0]?.feature, properties: { id: 'x'.repeat(201) } }];
  expect(importChanges({ type: 'FeatureCollection', features }, new Map(), false)).toMatchObject({
    changes: [],
    problems: [{ path: 'features[0].properties.id', message: expect.stringMatching(/longer than 200/) }],
  });
});

test('a port where both orders are legal: what would lie in it the other way round is swapped', () => {
  const rotterdam = [3.9, 51.8, 4.5, 52] as const;
  const found = checkChanges(
    'routes',
    line([
      [51.9, 4.1],
      [51.91, 4.2],
    ]),
    rotterdam,
  );
  expect(found[0]?.message).toMatch(/swapped/);
});
