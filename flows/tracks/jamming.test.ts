import { expect, test } from 'vitest';
import { jammingWatch } from './jamming.ts';

const metre = 1 / 111_195;
const rules = { devices: 3, radiusM: 1000, windowMs: 60_000 };
const loss = (device: string, seconds: number, eastM: number) => ({
  device,
  ms: seconds * 1000,
  lon: eastM * metre,
  lat: 0,
});

test('three that are lost together are told of once, and who follows belongs to them', () => {
  const watch = jammingWatch(rules);
  expect(watch(loss('a', 0, 0))).toBeUndefined();
  expect(watch(loss('a', 5, 0))).toBeUndefined();
  expect(watch(loss('b', 10, 500))).toBeUndefined();
  expect(watch(loss('c', 20, 900))?.map(({ device }) => device)).toEqual(['a', 'a', 'b', 'c']);
  expect(watch(loss('d', 30, 400))).toBeUndefined();
});

test('far from each other, or one after the other, is no jamming', () => {
  const watch = jammingWatch(rules);
  const said = [
    loss('a', 0, 0),
    loss('b', 10, 5000),
    loss('c', 20, 10_000),
    loss('a', 100, 0),
    loss('b', 170, 10),
    loss('c', 240, 20),
  ].map((one) => watch(one));
  expect(said).toEqual(new Array(6).fill(undefined));
});
