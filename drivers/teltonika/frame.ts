import { crc16Arc } from '../crc16.ts';
import type { Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { type Cut, scanFramer } from '../scan-framer.ts';

/** What a device sends: who it is, or data whose check sum was right. */
export type TeltonikaFrame =
  | { readonly imei: string }
  /** From the codec id to the second count of records. */
  | { readonly data: Uint8Array };

/** Four zeros, length, at most this of data, check sum. Devices keep to 1,280 bytes; some firmware does not. */
const maxDataBytes = 8192;
const headBytes = 8;
const crcBytes = 4;
export const maxFrameBytes = headBytes + maxDataBytes + crcBytes;
const imeiDigits = 15;
const loginBytes = 2 + imeiDigits;
/** Sent by a device now and then to keep the connection. */
const ping = 0xff;

const u32 = (bytes: Uint8Array, at: number) =>
  ((bytes[at] as number) * 0x1000000 +
    (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))) >>>
  0;

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** How many bytes of a login stand at `at`, as far as they are there; 0: it is none. */
function loginAt(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < loginBytes && at + i < bytes.length; i++) {
    const byte = bytes[at + i];
    const fits = i === 0 ? byte === 0 : i === 1 ? byte === imeiDigits : isDigit(byte);
    if (!fits) return 0;
  }
  return Math.min(loginBytes, bytes.length - at);
}

/** Whether what is there could be the head of a packet. */
function packetAt(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 4 && at + i < bytes.length; i++) if (bytes[at + i] !== 0) return false;
  if (bytes.length - at < headBytes) return true;
  const length = u32(bytes, at + 4);
  return length > 0 && length <= maxDataBytes;
}

function cutAt(bytes: Uint8Array, at: number): Cut<TeltonikaFrame> {
  const login = loginAt(bytes, at);
  if (login === loginBytes) {
    const imei = Buffer.from(bytes.subarray(at + 2, at + loginBytes)).toString('latin1');
    return { framed: { frame: { imei } }, used: loginBytes };
  }
  if (login > 1) return 'more';
  if (!packetAt(bytes, at)) return 'noise';
  if (bytes.length - at < headBytes) return 'more';
  const end = at + headBytes + u32(bytes, at + 4);
  if (bytes.length < end + crcBytes) return 'more';
  const given = u32(bytes, end);
  const computed = crc16Arc(bytes, at + headBytes, end);
  if (given === computed)
    return { framed: { frame: { data: bytes.slice(at + headBytes, end) } }, used: end + crcBytes - at };
  const problem = faults.problem('teltonika.crc', { given, computed });
  const next = end + crcBytes;
  // Where no head follows, the length may have been what was wrong: one is looked for behind this head.
  const used = loginAt(bytes, next) > 0 || packetAt(bytes, next) ? next - at : headBytes;
  return { framed: { problem, bytes: bytes.slice(at, next) }, used };
}

/** Cuts the stream of one connection: a login, then packets by their length. */
export const teltonikaFramer = (): Framer<TeltonikaFrame> =>
  scanFramer({
    maxFrameBytes,
    cutAt,
    idle: ping,
    headBytes,
    noise: (bytes) => faults.problem('teltonika.noise', { bytes }),
    cut: () => faults.problem('teltonika.cut'),
  });
