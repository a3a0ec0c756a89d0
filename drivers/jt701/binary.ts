import type { Problem } from '#flows/fault';
import type { Message, MessageOf } from '#flows/message';
import { faults } from '../faults.ts';
import { degrees, digitsAt, NoDigit, timeOf } from './bcd.ts';
import { isLong } from './frame.ts';
import { lockStatus } from './status.ts';

/** Knots in km/h. The unit is as other decoders take it: the maker's text was not seen. */
const knotKph = 1.852;
/** Date, latitude, longitude with its flags, speed, course. */
const placeBytes = 17;
const shortRecordBytes = 27;
/** With everything up to the strength of the network. */
const longRecordBytes = 34;

export interface Said {
  readonly device: string;
  readonly messages: Message[];
  readonly problems: Problem[];
  /** What the lock waits for: the index of the frame, or nothing. */
  readonly confirm?: { readonly index: number; readonly version: number };
}

/** A binary frame: one report of a lock, or reports of a vehicle terminal, some of them late. */
export function readBinary(bytes: Uint8Array): Said | Problem {
  const device = Buffer.from(bytes.subarray(1, 6)).toString('hex');
  try {
    return isLong(bytes, 0) ? readLock(bytes, device) : readTerminal(bytes, device);
  } catch (error) {
    if (!(error instanceof NoDigit)) throw error;
    return body(error.message);
  }
}

const body = (detail: string) => faults.problem('jt701.body', { type: 'binary', detail });

function readPlace(bytes: Uint8Array, at: number): MessageOf<'position'> | Problem {
  const two = (i: number) => digitsAt(bytes, (at + i) * 2, 2);
  const time = timeOf([0, 1, 2, 3, 4, 5].map(two));
  const flags = bytes[at + 14] as number;
  const lat = degrees(digitsAt(bytes, (at + 6) * 2, 8)) * (flags & 2 ? 1 : -1);
  const lon = degrees(digitsAt(bytes, (at + 10) * 2, 9)) * (flags & 4 ? 1 : -1);
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return faults.problem('jt701.place', { lat, lon });
  return {
    kind: 'position',
    ...(time === undefined ? {} : { time }),
    quality: time === undefined ? 'suspect' : 'good',
    lon: lon || 0,
    lat: lat || 0,
    speedKph: Math.round(two(15) * knotKph * 1000) / 1000,
    courseDeg: (bytes[at + 16] as number) * 2,
    fix: (flags & 1) !== 0,
    attributes: time === undefined ? { timeInvalid: true } : {},
  };
}

function readLock(bytes: Uint8Array, device: string): Said | Problem {
  const version = bytes[6] as number;
  const at = 10;
  if (bytes.length < at + longRecordBytes) return body(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = readPlace(bytes, at);
  const status = lockStatus(view.getUint16(at + placeBytes + 9));
  const index = bytes[bytes.length - 1] as number;
  const confirm = status.confirm ? { confirm: { index, version } } : {};
  if ('code' in place) return { device, messages: [], problems: [place], ...confirm };
  const position: MessageOf<'position'> = {
    ...place,
    device,
    satellites: bytes[at + placeBytes + 4] as number,
    // Cells of a network place a lock within kilometres: that is no fix.
    fix: place.fix && !status.locatedByCells,
    attributes: {
      ...place.attributes,
      odometerKm: view.getUint32(at + placeBytes),
      ...(status.locatedByCells ? { locatedBy: 'cells' } : {}),
      ...cellOf(view, at + placeBytes + 12),
      dataType: (bytes[7] as number) & 15,
    },
  };
  const battery = bytes[at + placeBytes + 11] as number;
  const seal: MessageOf<'seal'> = {
    kind: 'seal',
    device,
    ...(place.time === undefined ? {} : { time: place.time }),
    quality: place.quality,
    state: status.state,
    ...(battery <= 100 ? { batteryPct: battery } : {}),
    ...(position.fix ? { lon: place.lon, lat: place.lat } : {}),
    ...(status.reason === undefined ? {} : { reason: status.reason }),
    attributes: {
      ...(status.alarms.length > 0 ? { alarms: status.alarms } : {}),
      ...(battery === 0xff ? { charging: true } : {}),
      status: view.getUint16(at + placeBytes + 9),
      index,
    },
  };
  return { device, messages: [position, seal], problems: [], ...confirm };
}

function cellOf(view: DataView, at: number): Record<string, unknown> {
  const id = view.getUint16(at);
  const lac = view.getUint16(at + 2);
  return id === 0 && lac === 0 ? {} : { cell: { id, lac }, rssi: view.getUint8(at + 4) };
}

function readTerminal(bytes: Uint8Array, device: string): Said | Problem {
  const from = 9;
  const records = bytes.length - from - 1;
  if (records % shortRecordBytes !== 0) return body(`${records} bytes are no whole records`);
  const said: Said = { device, messages: [], problems: [] };
  for (let at = from; at < from + records; at += shortRecordBytes) {
    const place = readPlace(bytes, at);
    if ('code' in place) said.problems.push(place);
    else said.messages.push({ ...place, device });
  }
  return said;
}
