import { describe, expect, test } from 'vitest';
import { checkDigit } from '#flows/container-number';
import { along, toPath } from './path.ts';
import { containerNumber, createTraffic, type Utterance } from './traffic.ts';

function randomFrom(seed: number) {
  let x = seed;
  return () => {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    return x / 2_147_483_648;
  };
}

const route = toPath([
  [119.6, 34.75],
  [119.62, 34.75],
  [119.66, 34.74],
]);

const drive = (seed: number, seconds: number, incidentSeconds = 60): Utterance[] => {
  const traffic = createTraffic({ routes: [route], trucks: 6, random: randomFrom(seed), incidentSeconds });
  return Array.from({ length: seconds }, () => traffic.step(1)).flat();
};

describe('a path', () => {
  test('is walked by metres, and its course is that of the piece one is on', () => {
    const spot = along(route, route.distancesM[1] as number);
    expect(spot.lon).toBeCloseTo(119.62, 6);
    expect(spot.courseDeg).toBeCloseTo(90, 3);
    expect(along(route, route.lengthM + 50).lon).toBeCloseTo(119.66, 6);
  });
});

describe('traffic', () => {
  test('is the same for the same seed', () => {
    expect(drive(3, 300)).toEqual(drive(3, 300));
  });

  test('reports every truck each second but for those whose tracker is silent', () => {
    const said = drive(5, 60, 0);
    expect(said.filter((u) => u.kind === 'fix')).toHaveLength(6 * 60);
  });

  test('seals at the quay, opens in the yard, and hands over between the boxes on the way', () => {
    const said = drive(1, 1200, 0);
    const seals = said.filter((u) => u.kind === 'seal');
    expect(seals.some((s) => s.state === 'locked' && s.near === 'quay')).toBe(true);
    expect(seals.some((s) => s.state === 'unlocked' && s.near === 'yard')).toBe(true);
    const of = said.filter((u) => u.kind === 'fix' && u.truck === 'truck-01').map((u) => u.near);
    expect(new Set(of)).toEqual(new Set(['quay', 'yard']));
  });

  test('has incidents: someone leaves the road, someone tampers, someone falls silent', () => {
    const said = drive(2, 3000, 20);
    expect(said.some((u) => u.kind === 'seal' && u.state === 'tampered')).toBe(true);
    const road = Array.from({ length: 200 }, (_, i) => along(route, (route.lengthM * i) / 199));
    const offM = said.flatMap((u) =>
      u.kind === 'fix'
        ? [Math.min(...road.map((p) => Math.hypot(p.lon - u.lon, p.lat - u.lat))) * 100_000]
        : [],
    );
    expect(Math.max(...offM)).toBeGreaterThan(250);
    expect(said.filter((u) => u.kind === 'fix').length).toBeLessThan(6 * 3000);
  });
});

test('container numbers carry the check digit of ISO 6346', () => {
  expect(checkDigit('CSQU305438')).toBe(3); // the published example
  expect(containerNumber(305_438)).toBe(`QWLU305438${checkDigit('QWLU305438')}`);
});
