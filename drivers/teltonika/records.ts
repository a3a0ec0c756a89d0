import type { Problem } from '#flows/fault';
import type { MessageOf } from '#flows/message';
import { faults } from '../faults.ts';
import { type IoValues, ioAttributes } from './io.ts';

/** Codec ids of the maker: 8, 8 Extended, 16; and 12, which carries commands and their answers. */
export const codecs = { 8: 0x08, '8E': 0x8e, 16: 0x10, 12: 0x0c } as const;

/** How the codecs of records differ: bytes of an element's id and of a count. */
interface Layout {
  readonly name: string;
  readonly idBytes: 1 | 2;
  readonly countBytes: 1 | 2;
  /** A byte behind the event's id that says why the record was made. */
  readonly generation: boolean;
  /** Elements of any length at the end. */
  readonly variable: boolean;
}
const layouts: Readonly<Record<number, Layout>> = {
  [codecs[8]]: { name: '8', idBytes: 1, countBytes: 1, generation: false, variable: false },
  [codecs['8E']]: { name: '8E', idBytes: 2, countBytes: 2, generation: false, variable: true },
  [codecs[16]]: { name: '16', idBytes: 2, countBytes: 1, generation: true, variable: false },
};

export interface Records {
  /** How many the packet says that it has: what the device is answered. */
  readonly count: number;
  readonly messages: MessageOf<'position'>[];
  readonly problems: Problem[];
}

const priorities = ['low', 'high', 'panic'];
const generations = [
  'on exit',
  'on entrance',
  'on both',
  'reserved',
  'hysteresis',
  'on change',
  'eventual',
  'periodical',
];
/** GNSS status 2: switched on, and without a fix. */
const noFix = 2;
/** Beyond this a clock is not set, and before it the maker made no devices. */
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** Reads the records of a packet of codec 8, 8E or 16; undefined for another codec. */
export function readRecords(data: Uint8Array): Records | undefined {
  const layout = layouts[data[0] as number];
  if (!layout) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = data[1] ?? 0;
  const out: Records = { count, messages: [], problems: [] };
  let at = 2;
  try {
    for (let i = 0; i < count; i++) {
      const record = readRecord(view, at, layout);
      at = record.end;
      if ('problem' in record) out.problems.push(record.problem);
      else out.messages.push(record.message);
    }
    if (at !== data.length - 1 || data[at] !== count) throw new RangeError('the counts of records differ');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    out.problems.push(faults.problem('teltonika.body', { codec: layout.name, detail: error.message }));
  }
  return out;
}

type Record1 =
  | { readonly end: number; readonly message: MessageOf<'position'> }
  | { readonly end: number; readonly problem: Problem };

/** Throws a RangeError where the bytes end before the record does. */
function readRecord(view: DataView, from: number, layout: Layout): Record1 {
  const timeMs = Number(view.getBigUint64(from));
  const priority = view.getUint8(from + 8);
  const lon = view.getInt32(from + 9) / 1e7;
  const lat = view.getInt32(from + 13) / 1e7;
  const satellites = view.getUint8(from + 21);
  const { end, values, event, generation } = readIo(view, from + 24, layout);
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180)
    return { end, problem: faults.problem('teltonika.place', { lat, lon }) };
  const attributes = ioAttributes(values);
  const dated = timeMs >= earliestMs && timeMs < latestMs;
  if (!dated) attributes.timeInvalid = true;
  if (priority !== 0) attributes.priority = priorities[priority] ?? `${priority}`;
  if (event !== 0) attributes.event = event;
  if (generation !== undefined) attributes.generation = generations[generation] ?? `${generation}`;
  const { hdop } = attributes;
  return {
    end,
    message: {
      kind: 'position',
      ...(dated ? { time: new Date(timeMs).toISOString() } : {}),
      quality: dated ? 'good' : 'suspect',
      lon,
      lat,
      speedKph: view.getUint16(from + 22),
      courseDeg: view.getUint16(from + 19),
      altitudeM: view.getInt16(from + 17),
      ...(typeof hdop === 'number' ? { hdop } : {}),
      satellites,
      // Without a fix a record repeats the last place, with no satellites.
      fix: satellites > 0 && attributes.gnssStatus !== noFix,
      attributes,
    },
  };
}

function readIo(view: DataView, from: number, { idBytes, countBytes, generation, variable }: Layout) {
  let at = from;
  const take = (bytes: 1 | 2) => {
    const value = bytes === 1 ? view.getUint8(at) : view.getUint16(at);
    at += bytes;
    return value;
  };
  const event = take(idBytes);
  const why = generation ? take(1) : undefined;
  const total = take(countBytes);
  const values: Record<string, number | string> = {};
  let read = 0;
  for (const bytes of [1, 2, 4, 8] as const) {
    for (let left = take(countBytes); left > 0; left--, read++) {
      values[take(idBytes)] = valueAt(view, at, bytes);
      at += bytes;
    }
  }
  if (variable)
    for (let left = take(2); left > 0; left--, read++) {
      const id = take(2);
      const length = take(2);
      if (at + length > view.byteLength) throw new RangeError('an element is longer than the packet');
      values[id] = hex(view, at, length);
      at += length;
    }
  if (read !== total) throw new RangeError(`it says ${total} elements and has ${read}`);
  return { end: at, values: values as IoValues, event, generation: why };
}

function valueAt(view: DataView, at: number, bytes: 1 | 2 | 4 | 8): number | string {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at);
  if (bytes === 4) return view.getUint32(at);
  const value = view.getBigUint64(at);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString(16).padStart(16, '0');
}

const hex = (view: DataView, at: number, length: number) =>
  Buffer.from(view.buffer, view.byteOffset + at, length).toString('hex');
