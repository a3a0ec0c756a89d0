import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { isJson, jsonLine, parseJson } from '../http-line.ts';
import type { HttpRequest } from '../transport/http-server.ts';
import { numberOf, positionOf, type Report } from './report.ts';

/** OsmAnd and the trackers that learned from it say knots; the JSON of phones says metres a second. */
const knotKph = 1.852;
const mpsKph = 3.6;

const form = (detail: string): Problem => faults.problem('osmand.form', { detail });
const maxFields = 64;

/** Names under which the query says what has a field of its own. */
const named = new Set(
  'id deviceid timestamp lat lon location speed bearing heading altitude accuracy hdop valid'.split(' '),
);

/** Short values as numbers where they are: cell and wifi lists and the like stay texts. */
const attribute = (text: string): unknown => {
  const number = numberOf(text);
  return number === undefined || Number.isNaN(number) ? text.slice(0, 500) : number;
};

function readQuery(query: string): Decoded<Message> {
  const values = new URLSearchParams(query);
  if ([...values.keys()].length > maxFields) return { problem: form(`it has more than ${maxFields} fields`) };
  const get = (name: string) => values.get(name) || undefined;
  const place = get('location')?.split(',');
  const attributes: Record<string, unknown> = {};
  for (const [name, text] of values)
    if (!named.has(name) && text !== '' && /^\w{1,40}$/.test(name)) attributes[name] = attribute(text);
  const report: Report = {
    device: get('id') ?? get('deviceid'),
    time: get('timestamp'),
    lat: get('lat') ?? place?.[0],
    lon: get('lon') ?? place?.[1],
    speed: get('speed'),
    kphPerSpeed: knotKph,
    course: get('bearing') ?? get('heading'),
    altitude: get('altitude'),
    accuracy: get('accuracy'),
    hdop: get('hdop'),
    valid: get('valid'),
    attributes,
  };
  if (report.lat === undefined && report.lon === undefined) return { problem: form('it has no place') };
  const position = positionOf(report);
  return 'code' in position ? { problem: position } : { parts: [position] };
}

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

function reportOf(location: Json, device: string | undefined): Report | undefined {
  const coords = object(location.coords);
  if (!coords) return undefined;
  const battery = object(location.battery);
  const level = numberOf(battery?.level);
  const attributes = {
    batteryPct: level !== undefined && level >= 0 ? Math.round(level * 1000) / 10 : undefined,
    charging: battery?.is_charging,
    moving: location.is_moving,
    event: location.event,
    activity: object(location.activity)?.type,
    odometerKm: typeof location.odometer === 'number' ? location.odometer / 1000 : undefined,
    ...object(location.extras),
  };
  return {
    device,
    time: location.timestamp,
    lat: coords.latitude,
    lon: coords.longitude,
    speed: coords.speed,
    kphPerSpeed: mpsKph,
    course: coords.heading,
    altitude: coords.altitude,
    accuracy: coords.accuracy,
    hdop: undefined,
    valid: undefined,
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null),
    ),
  };
}

/** One location or a list of them; what one of them has wrong refuses the request, which is taken whole. */
function readJson(line: Uint8Array): Decoded<Message> {
  const parsed = parseJson(line);
  if (!('value' in parsed)) return { problem: parsed };
  const root = object(parsed.value);
  const location = root?.location;
  const locations = Array.isArray(location) ? location : [location];
  const device = root?.device_id ?? root?.deviceId;
  const id = typeof device === 'string' || typeof device === 'number' ? String(device) : undefined;
  const parts: Message[] = [];
  for (const item of locations) {
    const one = object(item);
    const report = one && reportOf(one, id);
    if (!report) return { problem: form('it has no `location` with `coords`') };
    const position = positionOf(report);
    if ('code' in position) return { problem: position };
    parts.push(position);
  }
  return { parts };
}

/** A line is JSON, or a query with whatever stands in front of its question mark. */
export function decodeLine(line: Uint8Array): Decoded<Message> {
  if (line[0] === 0x7b || line[0] === 0x5b) return readJson(line);
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
  const target = text.replace(/^(GET|POST) /, '').replace(/ HTTP\/\d(\.\d)?$/, '');
  return readQuery(target.slice(target.indexOf('?') + 1));
}

/** The line of a request: its JSON, its form, or its query. */
export function lineOf(request: HttpRequest): Uint8Array | Problem {
  const { target, body } = request;
  if (isJson(request) && body.length > 0) return jsonLine(body);
  const question = target.indexOf('?');
  const query = question < 0 ? '' : target.slice(question + 1);
  const more = Buffer.from(body).toString('latin1').trim();
  const line = [query, more].filter(Boolean).join('&');
  if (line === '') return form('it has neither a query nor a body');
  return /[\r\n]/.test(line) ? form('it has line breaks') : Buffer.from(`/?${line}`, 'latin1');
}
