import type { Problem } from '#flows/fault';
import type { Message, MessageOf } from '#flows/message';
import { faults } from '../faults.ts';
import { type Header, u16 } from './header.ts';
import { readLocation } from './location.ts';

/** What one message says: messages, and what in it could not be read. */
export interface Said {
  readonly messages: Message[];
  readonly problems: readonly Problem[];
}

/** Messages from a terminal that this driver reads; all others are recognised and answered. */
export const ids = {
  generalReply: 0x0001,
  heartbeat: 0x0002,
  logout: 0x0003,
  serverTime: 0x0004,
  register: 0x0100,
  authenticate: 0x0102,
  location: 0x0200,
  locationAnswer: 0x0201,
  controlAnswer: 0x0500,
  locations: 0x0704,
} as const;

type ReadTime = (bytes: Uint8Array, at: number) => string | undefined;

const noProblems: readonly Problem[] = [];
const none: Said = { messages: [], problems: noProblems };
const refused = (problem: Problem): Said => ({ messages: [], problems: [problem] });
const gbk = new TextDecoder('gbk');
/** Text of fixed length, filled up with zeros or spaces at either end. */
const text = (bytes: Uint8Array) => gbk.decode(bytes).replaceAll('\0', ' ').trim();

/** Bytes of manufacturer, model and terminal id in a registration. */
function registerLayout(header: Header, length: number): readonly [number, number, number] {
  if (header.is2019) return [11, 30, 30];
  return length >= 37 ? [5, 20, 7] : [5, 8, 7];
}

function readRegister(body: Uint8Array, header: Header): Said {
  const [makerBytes, modelBytes, idBytes] = registerLayout(header, body.length);
  const colourAt = 4 + makerBytes + modelBytes + idBytes;
  if (body.length <= colourAt)
    return refused(faults.problem('jt808.body', { id: '0x0100', detail: `${body.length} bytes` }));
  const take = (at: number, length: number) => text(body.subarray(at, at + length));
  const plate = text(body.subarray(colourAt + 1));
  const colour = body[colourAt] as number;
  const message: MessageOf<'identity'> = {
    kind: 'identity',
    device: header.phone,
    quality: 'good',
    // With colour 0 the field is a vehicle identification number.
    ...(plate === '' || colour === 0 ? {} : { plate }),
    type: take(4 + makerBytes, modelBytes),
    attributes: {
      manufacturer: take(4, makerBytes),
      terminal: take(4 + makerBytes + modelBytes, idBytes),
      province: u16(body, 0),
      city: u16(body, 2),
      plateColour: colour,
      ...(colour === 0 && plate !== '' ? { vin: plate } : {}),
    },
  };
  return { messages: [message], problems: [] };
}

function readBatch(body: Uint8Array, header: Header, time: ReadTime): Said {
  if (body.length < 3)
    return refused(faults.problem('jt808.body', { id: '0x0704', detail: `${body.length} bytes` }));
  const said = { messages: [] as Message[], problems: [] as Problem[] };
  const backfill = body[2] === 1;
  let at = 3;
  let read = 0;
  for (; at + 2 <= body.length; read++) {
    const to = at + 2 + u16(body, at);
    if (to > body.length) break;
    const found = readLocation(body, at + 2, to, header, time, backfill);
    if (Array.isArray(found)) said.messages.push(...found);
    else said.problems.push(found);
    at = to;
  }
  const said16 = u16(body, 0);
  if (at !== body.length || read !== said16)
    said.problems.push(faults.problem('jt808.batch', { said: said16, read }));
  return said;
}

/** The code of an authentication (0x0102): 2019 has its length in front, and more behind it. */
export function authCodeOf(body: Uint8Array, header: Header): string {
  if (!header.is2019) return text(body);
  return text(body.subarray(1, 1 + (body[0] ?? 0)));
}

function readLocated(header: Header, bytes: Uint8Array, at: number, to: number, time: ReadTime): Said {
  const found = readLocation(bytes, at, to, header, time, false);
  return Array.isArray(found) ? { messages: found, problems: noProblems } : refused(found);
}

/** What a whole message says; its body is what stands from `from` up to `to`. */
export function readMessage(
  header: Header,
  bytes: Uint8Array,
  from: number,
  to: number,
  time: ReadTime,
): Said {
  switch (header.id) {
    case ids.location:
      return readLocated(header, bytes, from, to, time);
    case ids.locationAnswer:
    case ids.controlAnswer:
      return readLocated(header, bytes, from + 2, to, time);
    case ids.locations:
      return readBatch(bytes.subarray(from, to), header, time);
    case ids.register:
      return readRegister(bytes.subarray(from, to), header);
    default:
      return none;
  }
}
