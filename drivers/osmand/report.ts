import type { Problem } from '#flows/fault';
import type { MessageOf } from '#flows/message';
import { faults } from '../faults.ts';

/** What either form says, as numbers and texts; undefined where it says nothing. */
export interface Report {
  readonly device: string | undefined;
  readonly time: unknown;
  readonly lat: unknown;
  readonly lon: unknown;
  /** Kilometres an hour to what the form has. */
  readonly speed: unknown;
  readonly kphPerSpeed: number;
  readonly course: unknown;
  readonly altitude: unknown;
  readonly accuracy: unknown;
  readonly hdop: unknown;
  readonly valid: unknown;
  readonly attributes: Record<string, unknown>;
}

export const field = (name: string, value: unknown): Problem =>
  faults.problem('osmand.field', { field: name, value: String(value).slice(0, 60) });

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** A number, also as text; undefined when it is absent, NaN when it is none. */
export function numberOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : Number.NaN;
}

/** Moment of a Unix time in seconds or milliseconds, or of ISO text; a time without a zone is UTC. */
export function momentOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = numberOf(value);
  let ms = Number.NaN;
  if (number !== undefined && !Number.isNaN(number)) ms = Math.abs(number) < 1e11 ? number * 1000 : number;
  else if (typeof value === 'string') {
    const [, day, clock, zone] =
      /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[-+]\d{2}:?\d{2})?$/i.exec(value) ??
      [];
    if (day !== undefined) ms = Date.parse(`${day}T${clock}${zone ?? 'Z'}`);
  }
  // Before satellites, or beyond four digits of a year.
  return ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : '';
}

const flags: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

/** A position of what was said, or what is wrong with it. */
export function positionOf(report: Report): MessageOf<'position'> | Problem {
  const numbers = {
    lat: numberOf(report.lat),
    lon: numberOf(report.lon),
    speed: numberOf(report.speed),
    course: numberOf(report.course),
    altitude: numberOf(report.altitude),
    accuracy: numberOf(report.accuracy),
    hdop: numberOf(report.hdop),
  };
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined && !Number.isFinite(value)) return field(name, report[name as keyof Report]);
  const { lat, lon, speed, course, altitude, accuracy, hdop } = numbers;
  if (lat === undefined || lon === undefined) return field(lat === undefined ? 'lat' : 'lon', 'none');
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return faults.problem('osmand.place', { lat, lon });
  const time = momentOf(report.time);
  if (time === '') return field('timestamp', report.time);
  const valid = report.valid === undefined ? true : flags[String(report.valid).toLowerCase()];
  if (valid === undefined) return field('valid', report.valid);
  // Phones say -1 where they do not know.
  const known = (value: number | undefined) => (value === undefined || value < 0 ? undefined : value);
  const speedKph = known(speed);
  const courseDeg = known(course);
  return {
    kind: 'position',
    ...(report.device === undefined ? {} : { device: report.device }),
    ...(time === undefined ? {} : { time }),
    quality: valid ? 'good' : 'bad',
    lon,
    lat,
    ...(speedKph === undefined ? {} : { speedKph: Math.round(speedKph * report.kphPerSpeed * 1e4) / 1e4 }),
    ...(courseDeg === undefined ? {} : { courseDeg }),
    ...(altitude === undefined ? {} : { altitudeM: altitude }),
    ...(known(accuracy) === undefined ? {} : { accuracyM: accuracy as number }),
    ...(known(hdop) === undefined ? {} : { hdop: hdop as number }),
    fix: valid,
    attributes: report.attributes,
  };
}
