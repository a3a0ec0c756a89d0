import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { date, type Fields } from './fields.ts';
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
type Reader = (f: Fields) => Values;

const knotKph = 1.852;
const knots = (value: number | undefined) =>
  value === undefined ? undefined : Math.round(value * knotKph * 1e4) / 1e4;
/** A dilution of precision of zero stands for none. */
const dilution = (value: number | undefined) => value || undefined;
const said = (f: Fields, field: number, of: (text: string) => boolean) =>
  f.isEmpty(field) ? undefined : of(f.text(field));
const signed = (value: number | undefined, direction: string) =>
  value === undefined || direction === '' ? undefined : direction === 'W' ? -value : value;

const readers: Readonly<Record<string, Reader>> = {
  GGA: (f) => ({
    timeMs: f.timeOfDay(1),
    lat: f.angle(2, 90),
    lon: f.angle(4, 180),
    fix: said(f, 6, (quality) => quality !== '0'),
    satellites: f.number(7),
    hdop: dilution(f.number(8)),
    altitudeM: f.number(9),
    attributes: { fixQuality: f.number(6), geoidSeparationM: f.number(11), correctionAgeS: f.number(13) },
  }),
  GLL: (f) => ({
    lat: f.angle(1, 90),
    lon: f.angle(3, 180),
    timeMs: f.timeOfDay(5),
    fix: said(f, 6, (status) => status === 'A'),
    attributes: { mode: f.text(7) },
  }),
  GNS: (f) => ({
    timeMs: f.timeOfDay(1),
    lat: f.angle(2, 90),
    lon: f.angle(4, 180),
    fix: said(f, 6, (modes) => /[^N]/.test(modes)),
    satellites: f.number(7),
    hdop: dilution(f.number(8)),
    altitudeM: f.number(9),
    attributes: { mode: f.text(6), geoidSeparationM: f.number(10) },
  }),
  GSA: (f) => {
    const { count } = f;
    // Receivers that cut the list of satellites short have no dilutions either.
    const whole = count === 18 || count === 19;
    return {
      ...(count >= 18 ? { hdop: dilution(f.number(count === 19 ? count - 3 : count - 2)) } : {}),
      attributes: {
        fixMode: f.number(2),
        ...(whole ? { pdop: dilution(f.number(15)), vdop: dilution(f.number(17)) } : {}),
      },
    };
  },
  RMC: (f) => ({
    timeMs: f.timeOfDay(1),
    fix: said(f, 2, (status) => status === 'A'),
    lat: f.angle(3, 90),
    lon: f.angle(5, 180),
    speedKph: knots(f.number(7)),
    courseDeg: f.number(8),
    dateMs: f.shortDate(9),
    attributes: {
      magneticVariationDeg: signed(f.number(10), f.text(11)),
      mode: f.text(12),
      navigationStatus: f.text(13),
    },
  }),
  VTG: (f) => ({
    courseDeg: f.number(1),
    speedKph: f.isEmpty(7) ? knots(f.number(5)) : f.number(7),
    attributes: { mode: f.text(9) },
  }),
  ZDA: (f) => ({
    timeMs: f.timeOfDay(1),
    dateMs: f.isEmpty(4) ? undefined : date(Number(f.text(4)), Number(f.text(3)), Number(f.text(2))),
  }),
};

/** By the letters of the type, which stand in the sentence from its fourth character on. */
const keyOf = (text: string, at: number) =>
  (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2);
const byKey = new Map(Object.entries(readers).map(([type, read]) => [keyOf(type, 0), { type, read }]));
/** `$`, a talker of two letters and a type of three. */
const typeAt = 3;
const addressEnd = 6;
const dollar = 0x24;
const proprietary = 0x50;

const sound = (value: number | undefined) => (Number.isNaN(value) ? undefined : value);

const isWrong = ({ timeMs, lat, lon, speedKph, courseDeg }: Values) =>
  Number.isNaN(timeMs) ||
  Number.isNaN(lat) ||
  Number.isNaN(lon) ||
  Number.isNaN(speedKph) ||
  Number.isNaN(courseDeg);

const mustBeRight = ['timeMs', 'lat', 'lon', 'speedKph', 'courseDeg'] as const;

/** Position sentences become one part; all others whose checksum is right become none. */
export function decodeSentence(sentence: Sentence): Decoded<NmeaPart> {
  const opened = open(sentence);
  if ('problem' in opened) return opened;
  const { fields } = opened;
  const isTalker =
    sentence.charCodeAt(0) === dollar &&
    sentence.charCodeAt(1) !== proprietary &&
    fields.end(0) === addressEnd;
  const reader = isTalker ? byKey.get(keyOf(sentence, typeAt)) : undefined;
  if (!reader) return { parts: [] };
  const values = reader.read(fields);
  // A receiver without a fix fills in what it likes; one that claims a fix must be right.
  if (values.fix === true && isWrong(values)) {
    const field = mustBeRight.find((name) => Number.isNaN(values[name])) ?? '';
    const address = fields.text(0);
    const value = sentence.slice(addressEnd + 1, sentence.lastIndexOf('*')).slice(0, 80);
    return { problem: faults.problem('nmea.field', { sentence: address, field, value }, address) };
  }
  return {
    parts: [
      {
        type: reader.type,
        talker: sentence.slice(1, typeAt),
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
