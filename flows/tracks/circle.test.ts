import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metresPerDegree } from '../geo/distance.ts';
import { circleOf } from './circle.ts';

const scale = metresPerDegree(31);
const on = (radiusM: number, angles: readonly number[], east = 0, north = 0) => ({
  lon: angles.map((angle) => 121.5 + (east + radiusM * Math.cos(angle)) / scale.lon),
  lat: angles.map((angle) => 31 + (north + radiusM * Math.sin(angle)) / scale.lat),
});

test('points on a circle have its middle and radius, and say what of it they leave out', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 20, max: 2000, noNaN: true }),
      fc.double({ min: 0, max: 6, noNaN: true }),
      fc.integer({ min: 5, max: 24 }),
      (radiusM, from, count) => {
        const angles = Array.from({ length: count }, (_, i) => from + (i * 2 * Math.PI) / count);
        const { lon, lat } = on(radiusM, angles, 300, -200);
        const circle = circleOf(lon, lat);
        expect(circle?.radiusM).toBeCloseTo(radiusM, 0);
        expect(((circle?.lon ?? 0) - 121.5) * scale.lon).toBeCloseTo(300, 0);
        expect(((circle?.lat ?? 0) - 31) * scale.lat).toBeCloseTo(-200, 0);
        expect(circle?.gapRad).toBeCloseTo((2 * Math.PI) / count, 2);
      },
    ),
  );
});

test('an arc leaves most of its circle out; points of a line have none', () => {
  const { lon, lat } = on(500, [0, 0.2, 0.4, 0.6, 0.8]);
  expect(circleOf(lon, lat)?.gapRad).toBeGreaterThan(5);
  expect(circleOf([0, 1, 2], [0, 1, 2])).toBeUndefined();
  expect(circleOf([0, 1], [0, 1])).toBeUndefined();
});
