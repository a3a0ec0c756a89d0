import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agrees, compare, Expected } from './expected.ts';
import { makeFences } from './fences.ts';
import { transitionKey } from './oracle.ts';
import { fixTimeMs, Schedule } from './schedule.ts';
import { makeTraffic, ownTracks, vehicles } from './traffic.ts';

test('the traffic is the same for all', () => {
  const [one, other] = [makeTraffic(), makeTraffic()];
  for (let i = 0; i < vehicles + 50; i += 1) {
    const fix = one();
    expect(other()).toEqual(fix);
    const told = JSON.parse(ownTracks(fix, 1_795_000_000_123));
    expect(told).toMatchObject({ _type: 'location', lon: fix.lon, lat: fix.lat, tst: 1_795_000_000.123 });
  }
});

test('a fix is found again by vehicle and time, and what was never sent is not', () => {
  const schedule = new Schedule();
  const next = makeTraffic();
  for (const [perSecond, startMs] of [
    [4000, 1_795_000_000_000],
    [37_252, 1_795_000_100_017],
  ] as const) {
    const span = schedule.plan(2345, perSecond, startMs);
    for (let i = 0; i < span.count; i += 1) {
      const fix = next();
      expect(schedule.indexOf(fix.device, fixTimeMs(span, fix.index))).toBe(fix.index);
    }
  }
  expect(schedule.total).toBe(4690);
  expect(schedule.indexOf('truck-000', 1_795_000_000_001)).toBeNaN();
  expect(schedule.indexOf('truck-000', 1)).toBeNaN();
});

test('1,000 closed fences of 64 vertices', () => {
  const { features } = makeFences();
  expect(features).toHaveLength(1000);
  for (const { geometry } of features) {
    const [ring = []] = geometry.coordinates;
    expect(ring).toHaveLength(65);
    expect(ring[0]).toEqual(ring[64]);
  }
});

test('about one fix in a hundred gives a transition, and vehicles leave what they entered', () => {
  const expected = new Expected();
  const all = expected.upto(20_000);
  const steady = all.filter((each) => each.index >= vehicles);
  expect(steady.length / 20_000).toBeGreaterThan(0.005);
  expect(steady.length / 20_000).toBeLessThan(0.03);
  const inside = new Set<string>();
  for (const { device, fence, change } of all) {
    const key = `${device} ${fence}`;
    expect(inside.has(key)).toBe(change === 'exit');
    if (change === 'enter') inside.add(key);
    else inside.delete(key);
  }
  expect(expected.upto(5000)).toEqual(all.filter((each) => each.index < 5000));
});

test('what is lost, doubled or invented is found', () => {
  const all = new Expected().upto(4000);
  const keys = all.map((each) => ({ key: transitionKey(each) }));
  expect(agrees(compare(all, keys))).toBe(true);
  fc.assert(
    fc.property(fc.nat(keys.length - 1), (at) => {
      expect(compare(all, keys.toSpliced(at, 1)).missing).toEqual([keys[at]?.key]);
      expect(compare(all, [...keys, ...keys.slice(at, at + 1)]).doubled).toEqual([keys[at]?.key]);
      expect(compare(all, [...keys, { key: '1 fence-x enter' }]).foreign).toEqual(['1 fence-x enter']);
    }),
  );
});
