import type { Problem } from '#flows/fault';
import type { Position } from '#flows/message';
import { faults } from '../faults.ts';
import type { Read } from '../mqtt-taker.ts';
import type { SecondsText } from './time.ts';

export type Payload = Readonly<Record<string, unknown>>;

const wrong = (type: string, field: string): Problem => faults.problem('owntracks.field', { type, field });

const isLat = (value: unknown): value is number => typeof value === 'number' && value >= -90 && value <= 90;
const isLon = (value: unknown): value is number => typeof value === 'number' && value >= -180 && value <= 180;

/** Types of the OwnTracks booklet that tell nothing of the world. */
const silent = new Set([
  'waypoint',
  'waypoints',
  'cmd',
  'configuration',
  'request',
  'beacon',
  'dump',
  'tour',
  'tours',
]);

/** JSON has numbers that are none here: 1e999 is read as infinite. */
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
/** Negative stands for unknown, as the phone's system says it. */
const isAmount = (value: unknown): value is number => isNumber(value) && value >= 0;

/** The position of a `location`; fields that a message does not name go to its attributes by their own names. */
function location(payload: Payload, secondsToText: SecondsText): Read {
  const { lat, lon, tst, acc, alt, vel, cog } = payload;
  if (!isLat(lat)) return wrong('location', 'lat');
  if (!isLon(lon)) return wrong('location', 'lon');
  const attributes: Record<string, unknown> = {};
  const message: Position = { kind: 'position', quality: 'good', lon, lat, fix: true, attributes };
  if (tst !== undefined) {
    const time = typeof tst === 'number' ? secondsToText(tst) : undefined;
    if (time === undefined) return wrong('location', 'tst');
    message.time = time;
  }
  if (isAmount(acc)) message.accuracyM = acc;
  if (isNumber(alt)) message.altitudeM = alt;
  if (isAmount(vel)) message.speedKph = vel;
  if (isAmount(cog)) message.courseDeg = cog;
  for (const name in payload) {
    switch (name) {
      case '_type':
      case 'lat':
      case 'lon':
      case 'topic':
      case 'tst':
      case 'acc':
      case 'alt':
      case 'vel':
      case 'cog':
        break;
      default:
        attributes[name] = payload[name];
    }
  }
  return message;
}

const rest = (payload: Payload, ...without: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => !without.includes(name)));

/** A payload with `_type`. `device` is put on by the caller. */
export function readOwnTracks(payload: Payload, secondsToText: SecondsText): Read {
  const type = payload._type;
  if (type === 'location') return location(payload, secondsToText);
  if (typeof type !== 'string') return faults.problem('owntracks.type', { type: String(type) });
  if (type === 'encrypted') return faults.problem('owntracks.encrypted');
  if (silent.has(type)) return undefined;
  const tst = typeof payload.tst === 'number' ? secondsToText(payload.tst) : undefined;
  if (payload.tst !== undefined && tst === undefined) return wrong(type, 'tst');
  const time = tst === undefined ? {} : { time: tst };
  const common = { ...time, quality: 'good', attributes: rest(payload, '_type', 'tst', 'topic') } as const;
  switch (type) {
    case 'transition': {
      // Where it entered or left a region of its own; the region's name stays an attribute.
      const { lat, lon, acc } = payload;
      if (!isLat(lat) || !isLon(lon)) return wrong(type, 'lat or lon');
      const accuracy = isAmount(acc) ? { accuracyM: acc } : {};
      const attributes = rest(payload, '_type', 'tst', 'topic', 'lat', 'lon', 'acc');
      return { kind: 'position', ...common, lon, lat, ...accuracy, fix: true, attributes };
    }
    case 'lwt':
      // The broker speaks for a device that it lost; `tst` is when the device connected, not when it went.
      return {
        kind: 'reading',
        quality: 'good',
        name: 'connected',
        value: 0,
        unit: '1',
        attributes: rest(payload, '_type', 'topic'),
      };
    case 'steps': {
      const { steps } = payload;
      if (typeof steps !== 'number') return wrong(type, 'steps');
      return { kind: 'reading', ...common, name: 'steps', value: steps, unit: '{step}' };
    }
    case 'card': {
      const { name } = payload;
      const named = typeof name === 'string' ? { name } : {};
      return {
        kind: 'identity',
        ...common,
        ...named,
        attributes: rest(payload, '_type', 'tst', 'name', 'face'),
      };
    }
    case 'status':
      return { kind: 'identity', ...common };
    default:
      return faults.problem('owntracks.type', { type: type.slice(0, 40) });
  }
}
