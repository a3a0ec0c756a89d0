import { expect, test } from 'vitest';
import { type Crowd, crowdStep } from './crowd.ts';

const metre = 1 / 111_195;
const rules = { enough: 3, radiusM: 1000, windowMs: 60_000 };
const seen = (device: string, seconds: number, eastM: number, weight = 1) => ({
  device,
  ms: seconds * 1000,
  lon: eastM * metre,
  lat: 0,
  weight,
  sign: 'fix',
});
/** Names of the members, for each sighting. */
function walk(list: readonly ReturnType<typeof seen>[]): (string | undefined)[] {
  let crowd: Crowd = [];
  return list.map((one) => {
    const step = crowdStep(crowd, one, rules);
    crowd = step.crowd;
    return step.complete?.map(({ device }) => device).join('');
  });
}

test('three that are lost together are told of once, and who follows belongs to them', () => {
  const list = [seen('c', 0, 0), seen('c', 5, 0), seen('b', 10, 500), seen('a', 20, 900), seen('d', 30, 400)];
  expect(walk(list)).toEqual([undefined, undefined, undefined, 'abc', undefined]);
});

test('far from each other, or one after the other, is no crowd', () => {
  const list = [
    seen('a', 0, 0),
    seen('b', 10, 5000),
    seen('c', 20, 10_000),
    seen('a', 100, 0),
    seen('b', 170, 10),
    seen('c', 240, 20),
  ];
  expect(walk(list)).toEqual(new Array(6).fill(undefined));
});

test('what proves half as much has to be shown by twice as many, and a device counts by the most that it showed', () => {
  const halves = ['a', 'b', 'c', 'd', 'e', 'f'].map((device, i) => seen(device, i, 0, 0.5));
  expect(walk(halves)).toEqual([...new Array(5).fill(undefined), 'abcdef']);
  const mixed = [
    seen('a', 0, 0, 0.5),
    seen('b', 1, 0, 0.5),
    seen('a', 2, 0),
    seen('b', 3, 0),
    seen('c', 4, 0),
  ];
  expect(walk(mixed)).toEqual([undefined, undefined, undefined, undefined, 'abc']);
});
