import fc from 'fast-check';
import packaged from 'gcoord';
import { expect, test } from 'vitest';
import type { Position } from '#flows/message';
import { convertDatum } from './datum.ts';

const gcoord = packaged as unknown as typeof packaged.default;

const position = (lon: number, lat: number): Position => ({
  kind: 'position',
  lon,
  lat,
  fix: true,
  quality: 'good',
  attributes: {},
});

test('what was shifted onto the Chinese datums comes back within a metre, and says so', () => {
  const china = fc.tuple(
    fc.double({ min: 100, max: 120, noNaN: true }),
    fc.double({ min: 22, max: 40, noNaN: true }),
  );
  const datums = fc.constantFrom(['GCJ-02', gcoord.GCJ02] as const, ['BD-09', gcoord.BD09] as const);
  fc.assert(
    fc.property(china, datums, ([lon, lat], [name, crs]) => {
      const [east, north] = gcoord.transform([lon, lat], gcoord.WGS84, crs) as [number, number];
      const message = position(east, north);
      convertDatum(message, name);
      expect(Math.hypot((message.lon - lon) * 95_000, (message.lat - lat) * 111_000)).toBeLessThan(1);
      expect(message.attributes).toEqual({ convertedFrom: name });
    }),
  );
});

test('another datum is named, and the place left as it was', () => {
  const message = position(4, 52);
  convertDatum(message, 'ED50');
  expect(message).toMatchObject({ lon: 4, lat: 52, attributes: { datum: 'ED50' } });
});

test('a datum is known however it is written, and one that is as good as WGS 84 changes nothing', () => {
  const [one, other] = [position(114, 22.5), position(114, 22.5)];
  convertDatum(one, 'gcj02');
  convertDatum(other, 'GCJ-02');
  expect([one.lon, one.lat]).toEqual([other.lon, other.lat]);
  const same = { ...position(114, 22.5), attributes: { datum: 'CGCS2000' } };
  convertDatum(same, 'CGCS2000');
  expect(same).toEqual(position(114, 22.5));
});
