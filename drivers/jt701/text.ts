import type { Problem } from '#flows/fault';
import type { MessageOf } from '#flows/message';
import { digestOf } from '../digest.ts';
import { faults } from '../faults.ts';
import { timeOf } from './bcd.ts';
import type { Said } from './binary.ts';

/** Miles in km/h; the unit is as other decoders take it: the maker's text was not seen. */
const mileKph = 1.609344;

const body = (type: string, detail: string) => faults.problem('jt701.body', { type, detail });

/** Two digits each of a date or a time. */
const pairs = (digits: string) => (digits.match(/../g) ?? []).map(Number);

/** A decimal number without sign, as all of these fields are: none has more than a dozen digits. */
const decimal = (text: string | undefined): number =>
  text !== undefined && /^\d{1,12}(\.\d{1,12})?$/.test(text) ? Number(text) : Number.NaN;
/** A number of things: a byte of theirs. */
const count = (text: string | undefined): number =>
  text !== undefined && /^\d{1,3}$/.test(text) && Number(text) < 256 ? Number(text) : Number.NaN;

interface Fields {
  readonly date: string;
  readonly time: string;
  readonly fix: boolean;
  readonly lat: number;
  readonly north: boolean;
  readonly lon: number;
  readonly east: boolean;
  readonly speedKph: number;
  readonly courseDeg: number;
}

function place(type: string, device: string, fields: Fields): MessageOf<'position'> | Problem {
  const numbers = [fields.lat, fields.lon, fields.speedKph, fields.courseDeg];
  if (numbers.some(Number.isNaN) || !/^\d{6}$/.test(fields.date) || !/^\d{6}$/.test(fields.time))
    return body(type, 'a field is no number');
  const lat = fields.lat * (fields.north ? 1 : -1);
  const lon = fields.lon * (fields.east ? 1 : -1);
  if (fields.lat > 90 || fields.lon > 180) return faults.problem('jt701.place', { lat, lon });
  const time = timeOf([...pairs(fields.date), ...pairs(fields.time)]);
  return {
    kind: 'position',
    device,
    ...(time === undefined ? {} : { time }),
    quality: time === undefined ? 'suspect' : 'good',
    lon: Math.round(lon * 1e7) / 1e7 || 0,
    lat: Math.round(lat * 1e7) / 1e7 || 0,
    speedKph: Math.round(fields.speedKph * 1000) / 1000,
    courseDeg: fields.courseDeg,
    fix: fields.fix,
    attributes: time === undefined ? { timeInvalid: true } : {},
  };
}

/** An opening or closing, with who did it: date, time, place, then the event. Codes of sources are the maker's own. */
function readEvent(device: string, f: readonly string[]): Said | Problem {
  if (f.length < 17) return body('P45', `${f.length} fields`);
  const [, , date = '', time = '', lat, ns, lon, ew, valid, speed, course] = f;
  const found = place('P45', device, {
    date,
    time,
    fix: valid === 'A',
    lat: decimal(lat),
    north: ns === 'N',
    lon: decimal(lon),
    east: ew === 'E',
    speedKph: decimal(speed) * mileKph,
    courseDeg: decimal(course),
  });
  const [source, unlock, card = '', password, wrong, index] = f.slice(11);
  const confirm = { confirm: { index: decimal(index) || 0, version: 0x19 } };
  const numbers = [source, unlock, password, wrong, index].map(decimal);
  if (numbers.some(Number.isNaN)) return body('P45', 'a field is no number');
  if ('code' in found) return { device, messages: [], problems: [found], ...confirm };
  found.attributes.lockEvent = {
    source: decimal(source),
    unlockVerified: decimal(unlock),
    passwordVerified: decimal(password),
    wrongPasswords: decimal(wrong),
    ...(/^0*$/.test(card) ? {} : { card: digestOf(Buffer.from(card, 'latin1')) }),
    index: decimal(index),
  };
  return { device, messages: [found], problems: [], ...confirm };
}

/** A report of a vehicle terminal: an alarm (U06) has its number before the date. */
function readReport(type: string, device: string, f: readonly string[]): Said | Problem {
  const from = type === 'U06' ? 3 : 2;
  if (f.length < from + 11) return body(type, `${f.length} fields`);
  const [date = '', time = '', valid, lat, ns, lon, ew, speed, course, satellites, battery = ''] =
    f.slice(from);
  const found = place(type, device, {
    date,
    time,
    fix: valid === 'T',
    lat: decimal(lat),
    north: ns === 'N',
    lon: decimal(lon),
    east: ew === 'E',
    speedKph: decimal(speed) * mileKph,
    courseDeg: decimal(course),
  });
  if ('code' in found) return { device, messages: [], problems: [found] };
  const numbers = [count(satellites), type === 'U06' ? decimal(f[2]) : 0];
  if (numbers.some(Number.isNaN)) return body(type, 'a field is no number');
  found.satellites = count(satellites);
  const percent = /^(\d{1,3})%$/.exec(battery)?.[1];
  if (percent !== undefined) found.attributes.batteryPct = Number(percent);
  if (type === 'U06') found.attributes.alarm = decimal(f[2]);
  return { device, messages: [found], problems: [] };
}

/** An older report: places as degrees and minutes in one number. */
function readOld(device: string, f: readonly string[]): Said | Problem {
  if (f.length < 15) return body('W01', `${f.length} fields`);
  const [, , lon = '', ew, lat = '', ns, valid, date = '', time = '', speed, course] = f;
  const minutes = (text: string, digits: number) =>
    Number(text.slice(0, digits)) + decimal(text.slice(digits)) / 60;
  const found = place('W01', device, {
    date,
    time,
    fix: valid === 'A',
    lat: minutes(lat, 2),
    north: ns === 'N',
    lon: minutes(lon, 3),
    east: ew === 'E',
    speedKph: decimal(speed),
    courseDeg: decimal(course),
  });
  if ('code' in found) return { device, messages: [], problems: [found] };
  return { device, messages: [found], problems: [] };
}

/** A text frame without its brackets; one that says nothing of place is heard and gives no message. */
export function readText(text: string): (Said & { readonly type: string; readonly text: string }) | Problem {
  const fields = text.split(',');
  const [device = '', type = ''] = fields;
  if (!/^\d{1,15}$/.test(device)) return body('text', 'it does not begin with an identity');
  const said = readFields(type, device, fields);
  return 'code' in said ? said : { ...said, type, text: text.slice(device.length + 1) };
}

function readFields(type: string, device: string, fields: readonly string[]): Said | Problem {
  switch (type) {
    case 'P45':
      return readEvent(device, fields);
    case 'U01':
    case 'U02':
    case 'U03':
    case 'U06':
      return readReport(type, device, fields);
    case 'W01':
      return readOld(device, fields);
    default:
      return { device, messages: [], problems: [] };
  }
}
