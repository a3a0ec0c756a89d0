import type { Position } from '#flows/message';
import { wrap } from './sentence.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Signed degrees as `ddmm.mmmmmm` (about 2 mm) and hemisphere. */
function angle(degrees: number, digits: 2 | 3): [string, string] {
  const sign = digits === 2 ? (degrees < 0 ? 'S' : 'N') : degrees < 0 ? 'W' : 'E';
  const total = Math.round(Math.abs(degrees) * 60 * 1e6);
  const whole = Math.floor(total / 60e6);
  const minutes = (total - whole * 60e6) / 1e6;
  return [`${String(whole).padStart(digits, '0')}${minutes.toFixed(6).padStart(9, '0')}`, sign];
}

const fixed = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : value.toFixed(digits);

/** The sentences (GGA and RMC) in which a receiver says a position. `time` is taken from the message. */
export function sentencesOf(position: Position): string[] {
  const at = new Date(position.time ?? 0);
  const time = `${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}.${String(
    at.getUTCMilliseconds(),
  ).padStart(3, '0')}`;
  const date = `${two(at.getUTCDate())}${two(at.getUTCMonth() + 1)}${two(at.getUTCFullYear() % 100)}`;
  const place = [...angle(position.lat, 2), ...angle(position.lon, 3)];
  const { fix, satellites, hdop, altitudeM, speedKph, courseDeg } = position;
  const sats = satellites === undefined ? '' : two(satellites);
  const knots = speedKph === undefined ? undefined : speedKph / 1.852;
  const altitude = [fixed(altitudeM, 1), 'M', '', 'M', '', ''];
  const gga = ['GPGGA', time, ...place, fix ? '1' : '0', sats, fixed(hdop, 2), ...altitude];
  const rmc = ['GPRMC', time, fix ? 'A' : 'V', ...place, fixed(knots, 3), fixed(courseDeg, 2), date, '', ''];
  return [wrap(gga.join(',')), wrap([...rmc, fix ? 'A' : 'N'].join(','))];
}
