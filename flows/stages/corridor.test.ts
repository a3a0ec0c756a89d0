import { expect, test } from 'vitest';
import type { EventDraft } from '#flows/message';
import { at, position } from '#test/support/messages';
import { runStage } from '#test/support/stage-harness';
import { corridor } from './corridor.ts';

const metre = 1 / 111_319.5;
const line = [
  [0, 0],
  [0.05, 0],
];
const config = { corridors: [{ id: 'road', line, widthM: 100 }] };

/** Fixes every ten seconds: metres along the road and beside it. */
function events(places: readonly (readonly [number, number])[], more: object = {}) {
  const run = runStage(corridor, { ...config, ...more });
  places.forEach(([alongM, besideM], i) => {
    run.push(position(i * 10, alongM * metre, besideM * metre));
  });
  return (run.port('out') as EventDraft[]).map(({ type, time, data }) => ({
    type: type.split('.')[2],
    time,
    data,
  }));
}

test('tells when an object leaves the road, and when it is back, with what it did meanwhile', () => {
  const places = [
    [0, 0],
    [500, 10],
    [1000, 300],
    [1500, 400],
    [2000, 50],
    [2500, 0],
  ] as const;
  expect(events(places)).toMatchObject([
    { type: 'deviation', time: at(20), data: { corridor: 'road', confirmed: at(30) } },
    { type: 'rejoin', time: at(40), data: { confirmed: at(50), seconds: 20 } },
  ]);
  const [, rejoin] = events(places);
  expect(rejoin?.data.maxOffsetM).toBeCloseTo(400, -1);
  expect(rejoin?.data.lengthM).toBeCloseTo(500 + 610, -2);
});

test('says nothing of one fix beside it, of noise at its edge, or of an object that never was on it', () => {
  expect(
    events([
      [0, 0],
      [500, 400],
      [1000, 0],
      [1500, 0],
    ]),
  ).toEqual([]);
  expect(
    events([
      [0, 0],
      [500, 105],
      [600, 110],
      [700, 95],
      [800, 112],
      [900, 113],
    ]),
  ).toEqual([]);
  expect(
    events([
      [0, 900],
      [500, 900],
      [1000, 900],
    ]),
  ).toEqual([]);
});

test('lets objects leave at either end', () => {
  expect(
    events([
      [5000, 0],
      [5500, 0],
      [6000, 0],
      [6500, 0],
      [7000, 900],
    ]),
  ).toEqual([]);
});

test('tells the wrong way once, where there is one', () => {
  const places = [
    [0, 0],
    [500, 0],
    [480, 0],
    [400, 0],
    [300, 0],
    [200, 0],
    [600, 0],
    [500, 0],
  ] as const;
  expect(events(places)).toMatchObject([
    { type: 'wrongWay', time: at(30), data: { alongM: expect.closeTo(400, 0) } },
    { type: 'wrongWay', time: at(70) },
  ]);
  expect(events(places, { corridors: [{ id: 'road', line, oneWay: false }] })).toEqual([]);
});

test('watches only the devices that it is told of', () => {
  expect(
    events(
      [
        [0, 0],
        [500, 0],
        [1000, 300],
        [1500, 400],
      ],
      { devices: ['t2'] },
    ),
  ).toEqual([]);
});

test('routes may be a named set, whose faults are told with their place', () => {
  const route = { type: 'LineString', coordinates: line };
  const feature = { type: 'Feature', properties: { id: 'road', widthM: 100 }, geometry: route };
  const sets: Record<string, unknown> = {
    good: { type: 'FeatureCollection', features: [feature] },
    bad: { type: 'FeatureCollection', features: [feature, { ...feature, properties: {} }] },
    empty: { type: 'FeatureCollection', features: [] },
  };
  const resources = { fenceSet: (name: string) => sets[name] };
  const run = (name: string) => runStage(corridor, { corridors: name }, { resources });
  const good = run('good');
  [0, 0, 300, 400].forEach((besideM, i) => {
    good.push(position(i * 10, i * 500 * metre, besideM * metre));
  });
  expect(good.port('out')).toMatchObject([{ data: { corridor: 'road' } }]);
  expect(() => run('bad')).toThrow(/features\[1\]/);
  expect(() => run('empty')).toThrow(/no routes/);
  expect(() => run('none')).toThrow(/no set of routes called none/);
});
