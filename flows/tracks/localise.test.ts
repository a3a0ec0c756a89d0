import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metresBetween } from '../geo/polyline.ts';
import { type LocateRules, locate, type PlaceSource, type Sighting } from './localise.ts';

const metre = 1 / 111_195;
const rules: LocateRules = { maxSpeedMs: 20 };
const seen = (source: PlaceSource, seconds: number, eastM: number, radiusM = 10): Sighting => ({
  source,
  ms: seconds * 1000,
  lon: eastM * metre,
  lat: 0,
  radiusM,
});

describe('where an object was', () => {
  test('is not known without any sighting', () => {
    expect(locate([], 0)).toBeUndefined();
  });

  test('is told by its own fix, the truck or the gate, whichever leaves least open', () => {
    const all = [seen('own', 0, 0), seen('carrier', 590, 900, 60), seen('gate', 300, 500, 30)];
    expect(locate(all, 1000, rules)).toMatchObject({ source: 'own', radiusM: 30 });
    expect(locate(all, 300_000, rules)).toMatchObject({ source: 'gate', radiusM: 30, apartMs: 0 });
    expect(locate(all, 600_000, rules)).toMatchObject({ source: 'carrier', radiusM: 260, apartMs: 10_000 });
    expect(locate([seen('carrier', 0, 5), seen('own', 0, 0)], 0, rules)).toMatchObject({ source: 'own' });
  });

  test('is surer between two sightings than after one, and sure when it must have come straight', () => {
    const slow = locate([seen('own', 0, 0), seen('own', 100, 1000)], 50_000, rules);
    expect(slow?.lon).toBeCloseTo(500 * metre, 9);
    expect(slow?.radiusM).toBeLessThan(10 + 20 * 50);
    const fast = locate([seen('own', 0, 0), seen('own', 100, 2000)], 50_000, rules);
    expect(fast?.radiusM).toBeLessThan(50);
  });

  test('holds every place that the object can have been at', () => {
    const metres = fc.double({ min: -1500, max: 1500, noNaN: true });
    const arbitrary = fc.record({ x: metres, y: metres, to: metres, t: fc.integer({ min: 1, max: 99 }) });
    fc.assert(
      fc.property(arbitrary, ({ x, y, to, t }) => {
        const [a, b] = [seen('own', 0, 0), seen('own', 100, to)];
        const [lon, lat] = [x * metre, y * metre];
        const reached =
          metresBetween(a.lon, a.lat, lon, lat) <= 20 * t &&
          metresBetween(lon, lat, b.lon, b.lat) <= 20 * (100 - t);
        fc.pre(reached);
        const located = locate([b, a], t * 1000, rules);
        expect(metresBetween(located?.lon ?? 99, located?.lat ?? 99, lon, lat)).toBeLessThanOrEqual(
          (located?.radiusM ?? 0) + 1e-3,
        );
      }),
    );
  });
});
