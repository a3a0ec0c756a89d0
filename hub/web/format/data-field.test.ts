import { expect, test } from 'vitest';
import { dataField } from './data-field.ts';

test.each([
  ['distanceM', 587.4, 'distance', '587 m'],
  ['radiusM', 2100, 'radius', '2.1 km'],
  ['aheadSeconds', 4.26, 'ahead', '4.3 s'],
  ['dwellSeconds', 181, 'dwell', '3 min 01 s'],
  ['seconds', 75, 'lasted', '1 min 15 s'],
  ['speedKph', 57, 'speed', '57 km/h'],
  ['courseDeg', 7, 'course', '007°'],
  ['batteryPct', 90.55555, 'battery', '90.6 %'],
  ['lagMs', 250.4, 'lag', '250 ms'],
  ['lat', 34.75, 'latitude', '34° 45.000′ N'],
  ['lon', 119.6, 'longitude', '119° 36.000′ E'],
  ['chi2', 76.08648733, 'chi2', '76.09'],
  ['limit', 90, 'limit', '90'],
  ['count', 12_345, 'count', '12345'],
  ['to', '2026-03-01T14:00:00.000Z', 'to', '2026-03-01 14:00:00 UTC'],
  ['sealState', 'locked', 'seal state', 'locked'],
  ['retracted', true, 'retracted', 'true'],
] as const)('%s %s is read as %s: %s', (name, value, words, said) => {
  expect(dataField(name, value)).toEqual({ name: words, value: said });
});
