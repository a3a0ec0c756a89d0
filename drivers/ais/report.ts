import type { Problem } from '#flows/fault';
import type { Message, MessageOf, Position } from '#flows/message';
import { faults } from '../faults.ts';
import { mmsiClass, positioningMode } from './names.ts';
import type { Bits } from './six-bits.ts';

type Attributes = Record<string, unknown>;

/** Who speaks, and in what. */
export interface Head {
  readonly type: number;
  readonly device: string;
  readonly attributes: Attributes;
}

/** Type, repeat indicator and MMSI, which every message begins with. */
export function readHead(bits: Bits): Head {
  const mmsi = bits.u(8, 30);
  const device = mmsi < 100_000_000 ? String(mmsi).padStart(9, '0') : String(mmsi);
  const type = bits.u(0, 6);
  const attributes: Attributes = {}; // grows: an empty one has room for more than one that is begun
  attributes.messageType = type;
  const stands = mmsiClass(device);
  if (stands !== undefined) attributes.mmsiClass = stands;
  const repeat = bits.u(6, 2);
  if (repeat > 0) attributes.repeat = repeat;
  return { type, device, attributes };
}

/** Nobody has more than nine digits, and nobody has the number 0. */
export const qualityOf = ({ device }: Head): Message['quality'] =>
  device.length === 9 && device !== '000000000' ? 'good' : 'suspect';

/** Leaves out what is undefined. */
export function said<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const out: Record<string, unknown> = {};
  for (const name in values) if (values[name] !== undefined) out[name] = values[name];
  return out as { [K in keyof T]?: Exclude<T[K], undefined> };
}

const knotKph = 1.852;
/** Knots as km/h. */
export const kph = (knots: number): number => Math.round(knots * knotKph * 1e4) / 1e4;

/** A place as the message has it, `scale` units a degree; undefined for 181 and 91, which say that there is none. */
export function place(
  bits: Bits,
  at: number,
  size: readonly [number, number],
  scale: number,
): { readonly lon: number; readonly lat: number } | undefined | Problem {
  const east = bits.s(at, size[0]);
  const north = bits.s(at + size[0], size[1]);
  if (east === 181 * scale || north === 91 * scale) return undefined;
  const lon = Math.round((east * 1e7) / scale) / 1e7;
  const lat = Math.round((north * 1e7) / scale) / 1e7;
  return lon < -180 || lon > 180 || lat < -90 || lat > 90
    ? faults.problem('ais.place', { lat, lon })
    : { lon, lat };
}

const shortSize = [28, 27] as const;

export interface Located {
  readonly at: number;
  /** Speed over ground as km/h, course in degrees: absent where the sender has none. */
  readonly speedKph?: number | undefined;
  readonly courseDeg?: number | undefined;
  readonly altitudeM?: number | undefined;
  /** Second of the minute in which the position was fixed; from 60 on how it was come by. */
  readonly second?: number | undefined;
  readonly time?: string | undefined;
  /** Added to those of the head, where they are defined. */
  readonly attributes?: Attributes;
  /** Those of the head with the report's own, in place: of the reports that come most often. */
  readonly begun?: Attributes;
  /** Ten-thousandths of a minute if absent. */
  readonly size?: readonly [number, number];
  readonly scale?: number;
}

/** Without coordinates a report still says something of its sender. */
export function identity(
  head: Head,
  fields: Partial<MessageOf<'identity'>>,
  attributes: Attributes,
): Message {
  return {
    kind: 'identity',
    device: head.device,
    quality: qualityOf(head),
    ...fields,
    attributes: { ...head.attributes, ...said(attributes) },
  };
}

/** Puts what is defined into `target`. */
export function put(target: Attributes, values: Attributes): void {
  for (const name in values) if (values[name] !== undefined) target[name] = values[name];
}

/** A position, or what is left of a report without one, or why it cannot be. */
export function located(bits: Bits, head: Head, report: Located): Message | Problem {
  const { second, time, speedKph, courseDeg, altitudeM } = report;
  const found = place(bits, report.at, report.size ?? shortSize, report.scale ?? 600_000);
  if (found && 'code' in found) return found;
  const mode = second === undefined || second < 60 ? undefined : positioningMode[second];
  const attributes = report.begun ?? { ...head.attributes };
  if (report.attributes) put(attributes, report.attributes);
  if (second !== undefined && second < 60) attributes.utcSecond = second;
  if (mode !== undefined) attributes.positioning = mode;
  if (!found) {
    put(attributes, { speedKph, courseDeg, altitudeM });
    return identity(head, time === undefined ? {} : { time }, attributes);
  }
  const fix = mode !== 'inoperative';
  const quality = !fix ? 'bad' : mode === undefined ? qualityOf(head) : 'suspect';
  const { device } = head;
  const { lon, lat } = found;
  // Nearly all of them, made at one go.
  if (speedKph !== undefined && courseDeg !== undefined && time === undefined && altitudeM === undefined)
    return { kind: 'position', device, quality, lon, lat, speedKph, courseDeg, fix, attributes };
  const position: Position = { kind: 'position', device, quality, lon, lat, fix, attributes };
  if (time !== undefined) position.time = time;
  if (speedKph !== undefined) position.speedKph = speedKph;
  if (courseDeg !== undefined) position.courseDeg = courseDeg;
  if (altitudeM !== undefined) position.altitudeM = altitudeM;
  return position;
}
