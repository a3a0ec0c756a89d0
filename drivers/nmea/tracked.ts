import { metresPerDegree } from '#flows/geo/distance';
import { asLongitude } from '#flows/geo/polyline';
import type { MessageOf } from '#flows/message';
import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { contactAt } from './contact.ts';
import type { NmeaPart } from './decode.ts';
import type { Sentence } from './fields.ts';
import { damage } from './sentence.ts';

/** The sentence in which a radar says how far away and in which direction a target is (fields as in public decoders: nmea_plus, nmea-kit). */
export const trackedType = 'TTM';

/** Where a radar stands, and where its bearings count from when they are relative. */
export interface RadarPlace {
  readonly lon: number;
  readonly lat: number;
  /** True heading of what it stands on; absent: relative bearings say nothing. */
  readonly headingDeg?: number;
}

/** Units of distance, metres, and of speed, km/h: kilometres, nautical and statute miles. */
const metres: Readonly<Record<string, number>> = { K: 1000, N: 1852, S: 1609.344 };
/** No radar ashore follows a target farther away than this, metres. */
const farthestM = 200_000;
const radians = Math.PI / 180;

export const isTracked = ({ bytes, start }: Sentence): boolean =>
  bytes[start] === 0x24 &&
  bytes[start + 3] === 0x54 &&
  bytes[start + 4] === 0x54 &&
  bytes[start + 5] === 0x4d;

const wrong = (f: Sentence, field: string, number: number): Decoded<NmeaPart> => ({
  problem: faults.problem(
    'nmea.field',
    { sentence: f.said(0), field, value: f.said(number).slice(0, 80) },
    f.said(0),
  ),
});

/** A target that is lost, or not followed yet, has a place that is not good. */
export function trackedOf(f: Sentence): Decoded<NmeaPart> {
  const problem = damage(f);
  if (problem) return { problem };
  const [distance, bearing, units] = [f.number(2), f.number(3), f.said(10) || 'N'];
  const unitM = metres[units];
  if (unitM === undefined) return wrong(f, 'units', 10);
  const rangeM = distance === undefined ? undefined : distance * unitM;
  if (rangeM !== undefined && !(rangeM >= 0 && rangeM <= farthestM)) return wrong(f, 'distance', 2);
  if (bearing !== undefined && !(bearing >= 0 && bearing <= 360)) return wrong(f, 'bearing', 3);
  const timeMs = f.timeOfDay(14);
  const attributes = {
    target: f.said(1),
    targetName: f.said(11),
    targetStatus: f.said(12),
    rangeM,
    bearingDeg: bearing,
    bearingOf: f.said(4) || 'T',
  };
  const part = {
    type: trackedType,
    talker: f.said(0).slice(0, 2),
    fix: f.said(12) !== 'L' && f.said(12) !== 'Q',
  };
  return { parts: [{ ...part, ...(Number.isNaN(timeMs) ? {} : { timeMs }), attributes }] };
}

/** The place of a target, for a radar of which it is known where it stands. */
export function placeOfTracked(part: NmeaPart, radar: RadarPlace | undefined): MessageOf<'position'>[] {
  const { rangeM, bearingDeg, bearingOf, ...named } = part.attributes ?? {};
  const from = bearingOf === 'R' ? radar?.headingDeg : 0;
  if (!radar || from === undefined) return [];
  if (typeof rangeM !== 'number' || typeof bearingDeg !== 'number') return [];
  const trueDeg = (bearingDeg + from) % 360;
  const [east, north] = [rangeM * Math.sin(trueDeg * radians), rangeM * Math.cos(trueDeg * radians)];
  const lat = radar.lat + north / metresPerDegree(radar.lat).lat;
  const lon = asLongitude(radar.lon + east / metresPerDegree((radar.lat + lat) / 2).lon);
  const said = { ...named, rangeM: Math.round(rangeM), bearingDeg: Math.round(trueDeg * 10) / 10 };
  return [contactAt(part, { lon, lat }, said)];
}
