import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { date } from './digits.ts';
import type { Sentence } from './fields.ts';
import { damage } from './sentence.ts';

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

/** A part on its way: of one shape for all sentences, which is what makes the steps behind it fast. */
type Draft = { -readonly [name in keyof NmeaPart]: NmeaPart[name] };
type Reader = (f: Sentence, part: Draft) => void;

const blank = (type: string, talker: string): Draft => ({
  type,
  talker,
  timeMs: undefined,
  dateMs: undefined,
  lat: undefined,
  lon: undefined,
  fix: undefined,
  speedKph: undefined,
  courseDeg: undefined,
  altitudeM: undefined,
  hdop: undefined,
  satellites: undefined,
  attributes: undefined,
});

const knotKph = 1.852;
const knots = (value: number | undefined) =>
  value === undefined ? undefined : Math.round(value * knotKph * 1e4) / 1e4;
/** A dilution of precision of zero stands for none. */
const dilution = (value: number | undefined) => value || undefined;
const whether = (f: Sentence, field: number, of: (text: string) => boolean) =>
  f.isEmpty(field) ? undefined : of(f.said(field));
const signed = (value: number | undefined, direction: string) =>
  value === undefined || direction === '' ? undefined : direction === 'W' ? -value : value;

const readers: Readonly<Record<string, Reader>> = {
  GGA(f, part) {
    part.timeMs = f.timeOfDay(1);
    part.lat = f.angle(2, 90);
    part.lon = f.angle(4, 180);
    const fixQuality = f.number(6);
    part.fix = whether(f, 6, (quality) => quality !== '0');
    part.satellites = f.number(7);
    part.hdop = dilution(f.number(8));
    part.altitudeM = f.number(9);
    part.attributes = { fixQuality, geoidSeparationM: f.number(11), correctionAgeS: f.number(13) };
  },
  GLL(f, part) {
    part.lat = f.angle(1, 90);
    part.lon = f.angle(3, 180);
    part.timeMs = f.timeOfDay(5);
    part.fix = whether(f, 6, (status) => status === 'A');
    part.attributes = { mode: f.said(7) };
  },
  GNS(f, part) {
    part.timeMs = f.timeOfDay(1);
    part.lat = f.angle(2, 90);
    part.lon = f.angle(4, 180);
    part.fix = whether(f, 6, (modes) => /[^N]/.test(modes));
    part.satellites = f.number(7);
    part.hdop = dilution(f.number(8));
    part.altitudeM = f.number(9);
    part.attributes = { mode: f.said(6), geoidSeparationM: f.number(10) };
  },
  GSA(f, part) {
    const { count } = f;
    if (count >= 18) part.hdop = dilution(f.number(count === 19 ? count - 3 : count - 2));
    // Receivers that cut the list of satellites short have no dilutions either.
    const whole = count === 18 || count === 19;
    part.attributes = {
      fixMode: f.number(2),
      ...(whole ? { pdop: dilution(f.number(15)), vdop: dilution(f.number(17)) } : {}),
    };
  },
  RMC(f, part) {
    part.timeMs = f.timeOfDay(1);
    part.fix = whether(f, 2, (status) => status === 'A');
    part.lat = f.angle(3, 90);
    part.lon = f.angle(5, 180);
    part.speedKph = knots(f.number(7));
    part.courseDeg = f.number(8);
    part.dateMs = f.shortDate(9);
    part.attributes = {
      magneticVariationDeg: signed(f.number(10), f.said(11)),
      mode: f.said(12),
      navigationStatus: f.said(13),
    };
  },
  /** Only with `contacts` something is made of it. A target that is lost, or not followed yet, has no place. */
  TLL(f, part) {
    part.lat = f.angle(2, 90);
    part.lon = f.angle(4, 180);
    part.timeMs = f.timeOfDay(7);
    part.fix = f.isEmpty(8) || f.said(8) === 'T';
    part.attributes = { target: f.said(1), targetName: f.said(6), targetStatus: f.said(8) };
  },
  VTG(f, part) {
    part.courseDeg = f.number(1);
    part.speedKph = f.isEmpty(7) ? knots(f.number(5)) : f.number(7);
    part.attributes = { mode: f.said(9) };
  },
  ZDA(f, part) {
    part.timeMs = f.timeOfDay(1);
    part.dateMs = f.isEmpty(4) ? undefined : date(Number(f.said(4)), Number(f.said(3)), Number(f.said(2)));
  },
};

const keyOf = (first: number, second: number, third: number) => (first << 16) | (second << 8) | third;
/** By the letters of the type, which are the fourth to sixth character of a sentence. */
const byKey = new Map(
  Object.entries(readers).map(([type, read]) => [
    keyOf(type.charCodeAt(0), type.charCodeAt(1), type.charCodeAt(2)),
    { type, read },
  ]),
);
/** `$`, a talker of two letters and a type of three. */
const addressLength = 6;
const dollar = 0x24;
const proprietary = 0x50;

function readerOf({ bytes, start, ends }: Sentence) {
  if (bytes[start] !== dollar || bytes[start + 1] === proprietary || ends[0] !== start + addressLength)
    return undefined;
  return byKey.get(keyOf(bytes[start + 3] as number, bytes[start + 4] as number, bytes[start + 5] as number));
}

const mustBeRight = ['timeMs', 'lat', 'lon', 'speedKph', 'courseDeg'] as const;
const numbers = [...mustBeRight, 'dateMs', 'altitudeM', 'hdop', 'satellites'] as const;

/** Whether any number is NaN: NaN makes every sum NaN. */
const isSound = (part: Draft): boolean =>
  !Number.isNaN(
    (part.timeMs ?? 0) +
      (part.lat ?? 0) +
      (part.lon ?? 0) +
      (part.speedKph ?? 0) +
      (part.courseDeg ?? 0) +
      (part.dateMs ?? 0) +
      (part.altitudeM ?? 0) +
      (part.hdop ?? 0) +
      (part.satellites ?? 0),
  );

/** Position sentences become one part; all others whose checksum is right become none. */
export function decodeSentence(sentence: Sentence): Decoded<NmeaPart> {
  const problem = damage(sentence);
  if (problem) return { problem };
  const reader = readerOf(sentence);
  if (!reader) return { parts: [] };
  const { bytes, start } = sentence;
  const talker = String.fromCharCode(bytes[start + 1] as number, bytes[start + 2] as number);
  const part = blank(reader.type, talker);
  reader.read(sentence, part);
  if (isSound(part)) return { parts: [part] };
  // A receiver without a fix fills in what it likes; one that claims a fix must be right.
  const field = mustBeRight.find((name) => Number.isNaN(part[name]));
  if (part.fix === true && field !== undefined) {
    const address = sentence.said(0);
    const value = sentence.text.slice(addressLength + 1, sentence.star - start).slice(0, 80);
    return { problem: faults.problem('nmea.field', { sentence: address, field, value }, address) };
  }
  for (const name of numbers) if (Number.isNaN(part[name])) part[name] = undefined;
  return { parts: [part] };
}
