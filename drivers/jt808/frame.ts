import type { Problem } from '#flows/fault';
import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';

/**
 * Header and body as they were before escaping, without the check byte, which was right: a stretch of bytes that nobody writes to
 * any more. Most packets have nothing escaped in them and are read where they came; a copy of each costs more than to read it.
 */
export class Packet {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  get length(): number {
    return this.to - this.from;
  }

  /** What follows its first `at` bytes. */
  subarray(at: number): Uint8Array {
    return this.bytes.subarray(this.from + at, this.to);
  }
}

const flag = 0x7e;
const escapeByte = 0x7d;
/** Header of 21 bytes, 1,023 of body and the check byte, each escaped at worst. */
export const maxFrameBytes = 2 * (21 + 1023 + 1);
/** A header of 12 bytes and the check byte. */
const minPacketBytes = 13;

/**
 * What stood between two flags: `7d 02` is 7e, `7d 01` is 7d, and the XOR of all is 0 (JT/T 808, 4.4.2:
 * escaped after the check was made; the clause as implementations quote it). The bytes stay as they are from then on.
 */
export function unwrap(bytes: Uint8Array, from: number, to: number): Framed<Packet> {
  const refuse = (problem: Problem) => ({ problem, bytes: bytes.slice(from, to) });
  let check = 0;
  let escapes = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte !== escapeByte) check ^= byte;
    else {
      const next = bytes[++at];
      if (at >= to || (next !== 1 && next !== 2)) return refuse(faults.problem('jt808.escape'));
      check ^= next === 1 ? escapeByte : flag;
      escapes++;
    }
  }
  const length = to - from - escapes;
  if (length < minPacketBytes) return refuse(faults.problem('jt808.short', { bytes: length }));
  if (check !== 0) return refuse(faults.problem('jt808.check'));
  if (escapes === 0) return { frame: new Packet(bytes, from, to - 1) };
  const packet = new Uint8Array(length - 1);
  for (let at = from, i = 0; i < packet.length; at++, i++) {
    const byte = bytes[at] as number;
    if (byte === escapeByte) packet[i] = bytes[++at] === 1 ? escapeByte : flag;
    else packet[i] = byte;
  }
  return { frame: new Packet(packet, 0, length - 1) };
}

/** Cuts at the flags, which occur nowhere else: after a loss the next packet is whole again. */
export function packetFramer(): Framer<Packet> {
  const held = new Uint8Array(maxFrameBytes);
  let length = 0;
  let dropped = 0;
  /** Before the first flag nothing can be a packet. */
  let inside = false;

  const keep = (bytes: Uint8Array, from: number, to: number) => {
    const room = Math.min(to - from, maxFrameBytes - length);
    held.set(bytes.subarray(from, from + room), length);
    length += room;
    dropped += to - from - room;
  };
  const finish = (out: Framed<Packet>[], whole: boolean) => {
    if (length > 0) {
      if (!inside || dropped > 0)
        out.push({
          problem: faults.problem('jt808.noise', { bytes: length + dropped }),
          bytes: held.slice(0, length),
        });
      else if (!whole) out.push({ problem: faults.problem('jt808.cut'), bytes: held.slice(0, length) });
      else out.push(unwrap(held.slice(0, length), 0, length));
    }
    length = 0;
    dropped = 0;
  };
  return {
    push(bytes) {
      const out: Framed<Packet>[] = [];
      for (let at = 0; at < bytes.length; ) {
        const found = bytes.indexOf(flag, at);
        const end = found < 0 ? bytes.length : found;
        // A packet that came in one piece is read where it lies.
        if (found >= 0 && inside && length === 0 && end > at && end - at <= maxFrameBytes)
          out.push(unwrap(bytes, at, end));
        else {
          keep(bytes, at, end);
          if (found >= 0) finish(out, true);
        }
        if (found < 0) break;
        inside = true;
        at = end + 1;
        while (bytes[at] === flag) at++;
      }
      return out;
    },
    end() {
      const out: Framed<Packet>[] = [];
      finish(out, false);
      return out;
    },
  };
}

/** Escapes header and body, adds the check byte and the flags. */
export function wrap(packet: Uint8Array): Uint8Array {
  let check = 0;
  for (const byte of packet) check ^= byte;
  const out: number[] = [flag];
  const put = (byte: number) => {
    if (byte === flag) out.push(escapeByte, 2);
    else if (byte === escapeByte) out.push(escapeByte, 1);
    else out.push(byte);
  };
  for (const byte of packet) put(byte);
  put(check);
  out.push(flag);
  return Uint8Array.from(out);
}
