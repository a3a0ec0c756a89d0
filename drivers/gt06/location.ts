import type { Problem } from '#flows/fault';
import type { MessageOf } from '#flows/message';
import { faults } from '../faults.ts';
import { calendarMs, isoText } from '../moment.ts';
import { alarms, types, withStatus } from './types.ts';

/** Time, satellites, latitude, longitude, speed, course. */
const fixedBytes = 18;
/** Degrees are sent as minutes times 30,000. */
const perDegree = 1_800_000;

/** Six bytes, year first, at the given offset from UTC; undefined for what is no time. */
export function readTime(body: Uint8Array, at: number, offsetMinutes: number): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = body.subarray(at, at + 6);
  return isoText(calendarMs([2000 + year, month, day], [hour, minute, second]) - offsetMinutes * 60_000);
}

/** A report that begins with time and place; the place is as sent. */
export function readLocation(
  type: number,
  body: Uint8Array,
  offsetMinutes: number,
): MessageOf<'position'> | Problem {
  if (body.length < fixedBytes)
    return faults.problem('gt06.body', { type: `0x${type.toString(16)}`, bytes: body.length });
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const flags = view.getUint16(16);
  const lat = ((flags & 0x400 ? 1 : -1) * view.getUint32(7)) / perDegree;
  const lon = ((flags & 0x800 ? -1 : 1) * view.getUint32(11)) / perDegree;
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return faults.problem('gt06.place', { lat, lon });
  const time = readTime(body, 0, offsetMinutes);
  const attributes: Record<string, unknown> = {};
  if (time === undefined) attributes.timeInvalid = true;
  if (flags & 0x4000) attributes.ignition = (flags & 0x8000) !== 0;
  if (flags & 0x2000) attributes.differential = true;
  readRest(type, view, attributes);
  return {
    kind: 'position',
    ...(time === undefined ? {} : { time }),
    quality: time === undefined ? 'suspect' : 'good',
    lon: round7(lon),
    lat: round7(lat),
    speedKph: view.getUint8(15),
    courseDeg: flags & 0x3ff,
    satellites: (body[6] as number) & 0x0f,
    fix: (flags & 0x1000) !== 0,
    attributes,
  };
}

const round7 = (degrees: number) => Math.round(degrees * 1e7) / 1e7 || 0;

/** What stands behind the place, as far as it is there. */
function readRest(type: number, view: DataView, into: Record<string, unknown>): void {
  let at = fixedBytes;
  if (withStatus.has(type)) {
    const cellBytes = at < view.byteLength ? view.getUint8(at) : 0;
    if (cellBytes >= 9) readCell(view, at + 1, 3, into);
    at += Math.max(1, cellBytes);
    if (at + 4 <= view.byteLength) readStatus(view, at, into);
    return;
  }
  const is4g = type === types.location4g || type === types.fence4g || type === types.alarm4g;
  at = readCell(view, at, is4g ? 8 : 3, into);
  if (type === types.location2 && at + 3 <= view.byteLength) {
    into.ignition = view.getUint8(at) !== 0;
    // 1: sent late, from what the terminal had kept.
    if (view.getUint8(at + 2) === 1) into.backfill = true;
    if (at + 7 === view.byteLength) into.odometerKm = view.getUint32(at + 3) / 1000;
  }
}

/** Cell of the mobile network; returns where it ends. A missing one leaves nothing. */
function readCell(view: DataView, from: number, idBytes: 3 | 8, into: Record<string, unknown>): number {
  if (from + 2 > view.byteLength) return from;
  const mcc = view.getUint16(from);
  const wideMnc = (mcc & 0x8000) !== 0;
  const lacAt = from + (wideMnc ? 4 : 3);
  const lacBytes = idBytes === 8 ? 4 : 2;
  const end = lacAt + lacBytes + idBytes;
  if (end > view.byteLength || (mcc & 0x7fff) === 0) return end;
  const idAt = lacAt + lacBytes;
  into.cell = {
    mcc: mcc & 0x7fff,
    mnc: wideMnc ? view.getUint16(from + 2) : view.getUint8(from + 2),
    lac: lacBytes === 4 ? view.getUint32(lacAt) : view.getUint16(lacAt),
    id:
      idBytes === 8 ? Number(view.getBigUint64(idAt)) : (view.getUint16(idAt) << 8) | view.getUint8(idAt + 2),
  };
  return end;
}

const stateAlarms = ['', 'vibration', 'powerCut', 'lowBattery', 'sos', '', 'fence', 'removing'];

/** Terminal information, voltage level, signal, alarm. */
function readStatus(view: DataView, at: number, into: Record<string, unknown>): void {
  const info = view.getUint8(at);
  into.ignition = (info & 2) !== 0;
  if (info & 4) into.charging = true;
  if (info & 0x80) into.fuelCut = true;
  into.batteryLevel = view.getUint8(at + 1);
  into.gsmSignal = view.getUint8(at + 2);
  const number = view.getUint8(at + 3);
  const alarm = number === 0 ? stateAlarms[(info >> 3) & 7] : (alarms[number] ?? `${number}`);
  if (alarm) into.alarms = [alarm];
}
