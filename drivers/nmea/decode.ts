import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { angle, date, number, shortDate, timeOfDay } from './fields.ts';
import type { Sentence } from './frame.ts';
import { open } from './sentence.ts';

/** What one sentence says of the receiver's position. */
export interface NmeaPart {
  /** Sentence without talker: `GGA`. */
  readonly type: string;
  readonly talker: string;
  /** Milliseconds of the day, UTC. */
  readonly timeMs?: number | undefined;
  /** Midnight of the date, epoch ms. */
  readonly dateMs?: number | undefined;
  readonly lat?: number | undefined;
  readonly lon?: number | undefined;
  /** Whether the sentence says that there is a fix; absent when it says nothing of it. */
  readonly fix?: boolean | undefined;
  readonly speedKph?: number | undefined;
  readonly courseDeg?: number | undefined;
  readonly altitudeM?: number | undefined;
  readonly hdop?: number | undefined;
  readonly satellites?: number | undefined;
  /** By the standard's names; what is undefined, empty or NaN was not said. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

type Values = Omit<NmeaPart, 'type' | 'talker'>;
type Reader = (f: readonly string[]) => Values;

const knotKph = 1.852;
const knots = (text: string | undefined) => {
  const value = number(text);
  return value === undefined ? undefined : Math.round(value * knotKph * 1e4) / 1e4;
};
/** A dilution of precision of zero stands for none. */
const dilution = (text: string | undefined) => number(text) || undefined;
const place = (f: readonly string[], at: number): Values => ({
  lat: angle(f[at], f[at + 1], 90),
  lon: angle(f[at + 2], f[at + 3], 180),
});
const signed = (text: string | undefined, direction: string | undefined) => {
  const value = number(text);
  return value === undefined || !direction ? undefined : direction === 'W' ? -value : value;
};

const readers: Readonly<Record<string, Reader>> = {
  GGA: (f) => ({
    timeMs: timeOfDay(f[1]),
    ...place(f, 2),
    fix: f[6] !== '' && f[6] !== undefined ? f[6] !== '0' : undefined,
    satellites: number(f[7]),
    hdop: dilution(f[8]),
    altitudeM: number(f[9]),
    attributes: { fixQuality: number(f[6]), geoidSeparationM: number(f[11]), correctionAgeS: number(f[13]) },
  }),
  GLL: (f) => ({
    ...place(f, 1),
    timeMs: timeOfDay(f[5]),
    fix: f[6] ? f[6] === 'A' : undefined,
    attributes: { mode: f[7] },
  }),
  GNS: (f) => ({
    timeMs: timeOfDay(f[1]),
    ...place(f, 2),
    fix: f[6] ? /[^N]/.test(f[6]) : undefined,
    satellites: number(f[7]),
    hdop: dilution(f[8]),
    altitudeM: number(f[9]),
    attributes: { mode: f[6], geoidSeparationM: number(f[10]) },
  }),
  GSA: (f) => ({
    // Receivers that cut the list of satellites short have no dilutions either.
    ...(f.length >= 18 ? { hdop: dilution(f.at(f.length === 19 ? -3 : -2)) } : {}),
    attributes: {
      fixMode: number(f[2]),
      ...(f.length === 18 || f.length === 19 ? { pdop: dilution(f[15]), vdop: dilution(f[17]) } : {}),
    },
  }),
  RMC: (f) => ({
    timeMs: timeOfDay(f[1]),
    fix: f[2] ? f[2] === 'A' : undefined,
    ...place(f, 3),
    speedKph: knots(f[7]),
    courseDeg: number(f[8]),
    dateMs: shortDate(f[9]),
    attributes: { magneticVariationDeg: signed(f[10], f[11]), mode: f[12], navigationStatus: f[13] },
  }),
  VTG: (f) => ({
    courseDeg: number(f[1]),
    speedKph: f[7] ? number(f[7]) : knots(f[5]),
    attributes: { mode: f[9] },
  }),
  ZDA: (f) => ({
    timeMs: timeOfDay(f[1]),
    dateMs: f[4] ? date(Number(f[4]), Number(f[3]), Number(f[2])) : undefined,
  }),
};

const sound = (value: number | undefined) => (Number.isNaN(value) ? undefined : value);

const mustBeRight = ['timeMs', 'lat', 'lon', 'speedKph', 'courseDeg'] as const;

/** Position sentences become one part; all others whose checksum is right become none. */
export function decodeSentence(sentence: Sentence): Decoded<NmeaPart> {
  const opened = open(sentence);
  if ('problem' in opened) return opened;
  const { fields } = opened;
  const address = fields[0] ?? '';
  const type = address.slice(-3);
  const reader =
    sentence[0] === '$' && address.length === 5 && address[0] !== 'P' ? readers[type] : undefined;
  if (!reader) return { parts: [] };
  const values = reader(fields);
  // A receiver without a fix fills in what it likes; one that claims a fix must be right.
  if (values.fix === true) {
    for (const field of mustBeRight) {
      if (!Number.isNaN(values[field])) continue;
      const value = fields.slice(1).join(',').slice(0, 80);
      return { problem: faults.problem('nmea.field', { sentence: address, field, value }, address) };
    }
  }
  return {
    parts: [
      {
        type,
        talker: address.slice(0, 2),
        timeMs: sound(values.timeMs),
        dateMs: sound(values.dateMs),
        lat: sound(values.lat),
        lon: sound(values.lon),
        fix: values.fix,
        speedKph: sound(values.speedKph),
        courseDeg: sound(values.courseDeg),
        altitudeM: sound(values.altitudeM),
        hdop: sound(values.hdop),
        satellites: sound(values.satellites),
        attributes: values.attributes,
      },
    ],
  };
}
