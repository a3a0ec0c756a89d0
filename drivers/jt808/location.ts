import type { Problem } from '#flows/fault';
import type { Message, MessageOf } from '#flows/message';
import { faults } from '../faults.ts';
import { type Header, u16, u32 } from './header.ts';
import { newItems, readItems, type SubLock } from './items.ts';
import { alarmBits, namesOf, statusBits } from './names.ts';
import { type PadlockEvent, padlockEvent } from './padlock.ts';

/** Most reports have none. */
const noLocks: readonly SubLock[] = [];

/** Bytes of a location report before its items. */
const fixedBytes = 28;

type Attributes = Record<string, unknown>;

/** The terminal is a lock itself, and says what happened to it: the position is told of it, and its state if that changed. */
function padlock(
  { name, state, by, alarm }: PadlockEvent,
  position: MessageOf<'position'>,
  encrypted: boolean,
): MessageOf<'seal'>[] {
  position.attributes.lockEventName = name;
  if (alarm) position.attributes.lockAlarm = true;
  if (state === undefined) return [];
  const { device, time, quality, lon, lat, fix } = position;
  return [
    {
      kind: 'seal',
      ...(device === undefined ? {} : { device }),
      ...(time === undefined ? {} : { time }),
      quality,
      state,
      reason: name,
      ...(fix && !encrypted ? { lon, lat } : {}),
      attributes: by === undefined ? {} : { by },
    },
  ];
}

/**
 * A location report (0x0200, an entry of 0x0704, and the answer to a query): a position, and a seal for each
 * lock that reports through the terminal. Coordinates are as sent; a place that cannot be is a problem.
 */
export function readLocation(
  bytes: Uint8Array,
  from: number,
  to: number,
  header: Header,
  readTime: (bytes: Uint8Array, at: number) => string | undefined,
  backfill: boolean,
): Message[] | Problem {
  if (to - from < fixedBytes)
    return faults.problem('jt808.body', { id: '0x0200', detail: `${to - from} bytes` });
  const alarm = u32(bytes, from);
  const status = u32(bytes, from + 4);
  const latitude = u32(bytes, from + 8) / 1e6;
  const longitude = u32(bytes, from + 12) / 1e6;
  if (latitude > 90 || longitude > 180)
    return faults.problem('jt808.place', { lat: latitude, lon: longitude });
  const time = readTime(bytes, from + 22);
  const attributes: Attributes = {};
  if (alarm !== 0) attributes.alarms = namesOf(alarm, alarmBits) ?? [];
  // Bits 1, 2, 3 and 5 have fields of their own, 8 and 9 are a number.
  const states = namesOf(status & ~0x32e, statusBits);
  if (states) attributes.status = states;
  const load = (status >> 8) & 3;
  if (load !== 0) attributes.load = load;
  if (backfill) attributes.backfill = true;
  const encrypted = (status & 0x20) !== 0;
  if (encrypted) attributes.encrypted = true;
  if (time === undefined) attributes.timeInvalid = true;
  const items = to > from + fixedBytes ? newItems() : undefined;
  if (items) readItems(bytes, from + fixedBytes, to, attributes, items);
  const position: MessageOf<'position'> = {
    kind: 'position',
    device: header.phone,
    time: time ?? '',
    quality: encrypted || time === undefined ? 'suspect' : 'good',
    lon: status & 8 ? -longitude : longitude,
    lat: status & 4 ? -latitude : latitude,
    speedKph: u16(bytes, from + 18) / 10,
    courseDeg: u16(bytes, from + 20),
    altitudeM: (u16(bytes, from + 16) << 16) >> 16,
    fix: (status & 2) !== 0,
    attributes,
  };
  // put in with the rest: what is added afterwards lies apart from it, in a list of its own
  if (time === undefined) delete position.time;
  if (items?.satellites !== undefined) position.satellites = items.satellites;
  const event = padlockEvent(attributes.lockEvent);
  const locks = items?.locks ?? noLocks;
  if (event === undefined && locks.length === 0) return [position];
  return [
    position,
    ...(event === undefined ? [] : padlock(event, position, encrypted)),
    ...locks.map(
      (lock): MessageOf<'seal'> => ({
        kind: 'seal',
        device: lock.device,
        ...(time === undefined ? {} : { time }),
        quality: position.quality,
        state: lock.state,
        ...(lock.batteryPct === undefined ? {} : { batteryPct: lock.batteryPct }),
        ...(position.fix && !encrypted ? { lon: position.lon, lat: position.lat } : {}),
        attributes: {
          ...lock.attributes,
          ...(lock.batteryV === undefined ? {} : { batteryV: lock.batteryV }),
          terminal: header.phone,
        },
      }),
    ),
  ];
}
