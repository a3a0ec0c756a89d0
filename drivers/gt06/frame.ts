import { crc16X25 } from '../crc16.ts';
import type { Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { type Cut, scanFramer } from '../scan-framer.ts';

/** A packet whose check sum was right. */
export interface Gt06Packet {
  /** Protocol number, such as 0x12. */
  readonly type: number;
  readonly body: Uint8Array;
  readonly serial: number;
  /** With a length of two bytes (`7979`). */
  readonly long: boolean;
}

/** Type, serial number and check sum are counted by the length. */
const leastLength = 5;
/** What long packets are used for (texts, pictures in pieces) stays far below. */
const mostLength = 4096;
export const maxFrameBytes = 4 + mostLength + 2;

const u16 = (bytes: Uint8Array, at: number) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

/** What stands between a start mark and the end mark that its length points to. */
interface Span {
  readonly packet: Gt06Packet;
  readonly end: number;
  readonly given: number;
  readonly computed: number;
}

function spanAt(bytes: Uint8Array, at: number): Span | 'more' | 'noise' {
  const mark = bytes[at];
  if (mark !== 0x78 && mark !== 0x79) return 'noise';
  if (at + 1 < bytes.length && bytes[at + 1] !== mark) return 'noise';
  const long = mark === 0x79;
  const lengthAt = at + 2;
  const from = lengthAt + (long ? 2 : 1);
  if (bytes.length < from) return 'more';
  const length = long ? u16(bytes, lengthAt) : (bytes[lengthAt] as number);
  if (length < leastLength || length > mostLength) return 'noise';
  const end = from + length;
  if (bytes.length < end + 2) return 'more';
  if (!isEndMark(bytes, end)) return 'noise';
  const packet = {
    type: bytes[from] as number,
    body: bytes.slice(from + 1, end - 4),
    serial: u16(bytes, end - 4),
    long,
  };
  return { packet, end: end + 2, given: u16(bytes, end - 2), computed: crc16X25(bytes, lengthAt, end - 2) };
}

const isEndMark = (bytes: Uint8Array, at: number) => bytes[at] === 0x0d && bytes[at + 1] === 0x0a;

function cutAt(bytes: Uint8Array, at: number): Cut<Gt06Packet> {
  const span = spanAt(bytes, at);
  if (typeof span === 'string') return span;
  const { packet, end, given, computed } = span;
  if (given === computed) return { framed: { frame: packet }, used: end - at };
  const upto = goodWithin(bytes, at, end) ?? end;
  const problem = faults.problem('gt06.crc', { given, computed });
  return { framed: { problem, bytes: bytes.slice(at, upto) }, used: upto - at };
}

/** Behind which end mark a good packet begins: a length that was changed on the way may reach over the next packet. */
function goodWithin(bytes: Uint8Array, at: number, end: number): number | undefined {
  for (let from = at + leastLength; from < end; from++) {
    if (!isEndMark(bytes, from - 2)) continue;
    const span = spanAt(bytes, from);
    if (typeof span === 'object' && span.given === span.computed) return from;
  }
  return undefined;
}

/** Cuts at the marks and by length. */
export const gt06Framer = (): Framer<Gt06Packet> =>
  scanFramer({
    maxFrameBytes,
    cutAt,
    headBytes: 2,
    noise: (bytes) => faults.problem('gt06.noise', { bytes }),
    cut: () => faults.problem('gt06.cut'),
  });

/** Puts a packet together. */
export function packet(type: number, body: Uint8Array, serial: number): Uint8Array {
  const bytes = new Uint8Array(body.length + 10);
  bytes.set([0x78, 0x78, body.length + leastLength, type]);
  bytes.set(body, 4);
  const at = 4 + body.length;
  bytes.set([serial >> 8, serial & 0xff], at);
  const crc = crc16X25(bytes, 2, at + 2);
  bytes.set([crc >> 8, crc & 0xff, 0x0d, 0x0a], at + 2);
  return bytes;
}
