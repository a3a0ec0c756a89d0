import type { Position } from '#flows/message';
import type { HttpSaying } from '../transport/http-client.ts';

/** A position as a query. */
export function queryOf(position: Position): HttpSaying {
  const { device, time, lat, lon, speedKph, courseDeg, altitudeM, accuracyM, fix } = position;
  const values = {
    id: device ?? 'simulated',
    timestamp: time === undefined ? undefined : String(Date.parse(time)),
    lat,
    lon,
    speed: speedKph === undefined ? undefined : speedKph / 1.852,
    bearing: courseDeg,
    altitude: altitudeM,
    accuracy: accuracyM,
    valid: fix ? undefined : 'false',
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value));
  return { target: `/?${query}` };
}

/** The same as JSON of a phone. */
export function jsonOf(position: Position): HttpSaying {
  const { device, time, lat, lon, speedKph, courseDeg, altitudeM, accuracyM } = position;
  const coords = {
    latitude: lat,
    longitude: lon,
    speed: speedKph === undefined ? undefined : speedKph / 3.6,
    heading: courseDeg,
    altitude: altitudeM,
    accuracy: accuracyM,
  };
  return {
    target: '/',
    json: JSON.stringify({ device_id: device ?? 'simulated', location: { timestamp: time, coords } }),
  };
}
