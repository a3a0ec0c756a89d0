import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { ReadDigits } from './digits.ts';
import type { Packet } from './frame.ts';

export interface Header {
  /** Message id, such as 0x0200. */
  readonly id: number;
  /** Digits of the phone number as sent, 12 or 20. */
  readonly phone: string;
  readonly serial: number;
  /** With a protocol version and a phone number of 20 digits. */
  readonly is2019: boolean;
  readonly protocolVersion: number;
  /** Sub-packages of one message: how many, and which this is, from 1. */
  readonly total: number;
  readonly index: number;
  /** Where in the packet the body begins. */
  readonly bodyAt: number;
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Binary-coded decimals as digits, as sent. */
export function bcd(bytes: Uint8Array, from: number, count: number): string {
  let text = '';
  for (let at = from; at < from + count; at++) text += digits[bytes[at] as number];
  return text;
}

export const u16 = (bytes: Uint8Array, at: number) =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
export const u32 = (bytes: Uint8Array, at: number) =>
  ((bytes[at] as number) * 0x1000000 + (u16(bytes, at + 1) << 8) + (bytes[at + 3] as number)) >>> 0;

/**
 * Message header of 2011 and 2013 (12 bytes) or 2019 (17 bytes; bit 14 of the attributes), 4 more with
 * sub-packages (bit 13). Bits 10 to 12 say that the body is encrypted, which nobody here can read.
 */
export function readHeader(packet: Packet, digitsOf: ReadDigits = bcd): Header | Problem {
  const { bytes, from } = packet;
  const attributes = u16(bytes, from + 2);
  const is2019 = (attributes & 0x4000) !== 0;
  const divided = (attributes & 0x2000) !== 0;
  const fixed = is2019 ? 17 : 12;
  const bodyAt = fixed + (divided ? 4 : 0);
  const bodyBytes = attributes & 0x3ff;
  if (packet.length !== bodyAt + bodyBytes)
    return faults.problem('jt808.length', { said: bodyBytes, has: packet.length - bodyAt });
  const encryption = (attributes >> 10) & 7;
  if (encryption !== 0) return faults.problem('jt808.encrypted', { method: encryption });
  const total = divided ? u16(bytes, from + fixed) : 1;
  const index = divided ? u16(bytes, from + fixed + 2) : 1;
  if (index < 1 || index > total) return faults.problem('jt808.subpackage', { index, total });
  return {
    id: u16(bytes, from),
    phone: is2019 ? digitsOf(bytes, from + 5, 10) : digitsOf(bytes, from + 4, 6),
    serial: u16(bytes, from + fixed - 2),
    is2019,
    protocolVersion: is2019 ? (bytes[from + 4] as number) : 0,
    total,
    index,
    bodyAt,
  };
}
