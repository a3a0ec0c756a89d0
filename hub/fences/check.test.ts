import { expect, test } from 'vitest';
import { checkChanges } from './check.ts';

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
