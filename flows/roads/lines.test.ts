import { expect, test } from 'vitest';
import { collection, line } from '#test/support/roads';
import { readRoads } from './lines.ts';

test('reads lines and multilines with their ids as they stand, and passes over the rest', () => {
  const point = { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [0, 0] } };
  const pair = line(7, [
    [0, 0],
    [1, 1],
  ]);
  const multi = {
    ...pair,
    properties: { id: 'm' },
    geometry: {
      type: 'MultiLineString',
      coordinates: [
        [
          [0, 0],
          [0, 0],
          [0, 1],
        ],
        [
          [0, 1],
          [0, 2],
        ],
      ],
    },
  }; // prettier-ignore
  const { roads, others, problems } = readRoads(collection([point, pair, multi]));
  expect(problems).toEqual([]);
  expect(others).toBe(1);
  expect(roads.map(({ id, lines }) => [id, lines.map((each) => [...each])])).toEqual([
    [7, [[0, 0, 1, 1]]],
    [
      'm',
      [
        [0, 0, 0, 1],
        [0, 1, 0, 2],
      ],
    ],
  ]); // prettier-ignore
});

test('takes direction, level and speed as OpenStreetMap has them', () => {
  const of = (properties: Record<string, unknown>) =>
    readRoads(
      collection([
        line(
          'a',
          [
            [0, 0],
            [1, 1],
          ],
          properties,
        ),
      ]),
    ).roads[0];
  for (const [properties, oneway] of [
    [{ oneway: 'yes' }, 1],
    [{ oneway: true }, 1],
    [{ oneway: '-1' }, -1],
    [{ oneway: 'no', junction: 'roundabout' }, 0],
    [{ junction: 'roundabout' }, 1],
    [{ highway: 'motorway' }, 1],
    [{}, 0],
  ] as const)
    expect(of(properties)?.oneway, JSON.stringify(properties)).toBe(oneway);
  expect(of({ bridge: 'yes' })?.level).not.toBe(of({})?.level);
  expect(of({ layer: 0, bridge: 'no' })?.level).toBe(of({})?.level);
  expect(of({ maxspeed: '50' })?.speedKph).toBe(50);
  expect(of({ maxspeed: '30 mph' })?.speedKph).toBeCloseTo(48.28);
  expect(of({ maxspeed: 'none' })?.speedKph).toBeUndefined();
});

test('says what is wrong and where', () => {
  const pathOf = (value: unknown) => readRoads(value).problems[0]?.path;
  const good: [number, number][] = [
    [0, 0],
    [1, 1],
  ]; // prettier-ignore
  expect(pathOf('?')).toBe('');
  expect(pathOf(collection([]))).toBe('features');
  expect(pathOf(collection([line(undefined, good)]))).toBe('features[0].properties.id');
  expect(pathOf(collection([line('a', good), line('a', good)]))).toBe('features[1].properties.id');
  expect(pathOf(collection([line('a', [[0, 0]])]))).toBe('features[0].geometry.coordinates');
  expect(
    pathOf(
      collection([
        line('a', [
          [0, 0],
          [0, 0],
        ]),
      ]),
    ),
  ).toBe('features[0].geometry.coordinates');
  expect(
    pathOf(
      collection([
        line('a', [
          [0, 0],
          [0, 91],
        ]),
      ]),
    ),
  ).toBe('features[0].geometry.coordinates[1]');
  expect(
    pathOf(
      collection([
        line('a', [
          [179, 0],
          [-179, 0],
        ]),
      ]),
    ),
  ).toBe('features[0].geometry.coordinates[1]');
}); // prettier-ignore
