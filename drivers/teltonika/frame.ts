import { crc16Arc } from '../crc16.ts';
import type { Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { type Cut, scanFramer } from '../scan-framer.ts';
import { codecs } from './records.ts';

/** What a device sends: who it is, or data whose check sum was right. */
export type TeltonikaFrame =
  | { readonly imei: string }
  /** From the codec id to the second count of records. */
  | { readonly data: Uint8Array };

/** Four zeros, length, at most this of data, check sum. Devices keep to the usual; some firmware does not. */
const maxDataBytes = 8192;
const usualDataBytes = 1280;
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

const knownCodecs: ReadonlySet<number> = new Set(Object.values(codecs));

/** Whether what is there could be the head of a packet: of a codec that is read, or of any that `mostBytes` are believed of. */
function packetAt(bytes: Uint8Array, at: number, mostBytes: number): boolean {
  for (let i = 0; i < 4 && at + i < bytes.length; i++) if (bytes[at + i] !== 0) return false;
  if (bytes.length - at < headBytes) return true;
  const length = u32(bytes, at + 4);
  if (length === 0 || length > maxDataBytes) return false;
  const codec = bytes[at + headBytes];
  return codec === undefined || length <= mostBytes || knownCodecs.has(codec);
}

/**
 * Where the next packet may begin behind a head whose check sum was wrong. A packet that was cut on the way is filled
 * up with the one behind it, whose head is then inside. To trust the length instead may miss every head for ever: a
 * device says the same packet until it is answered, and zeros among its records look like heads without a codec.
 */
function behind(bytes: Uint8Array, at: number, end: number): number {
  for (let next = at + 1; next < end; next++) if (packetAt(bytes, next, 0)) return next;
  return end;
}

function cutAt(bytes: Uint8Array, at: number): Cut<TeltonikaFrame> {
  const login = loginAt(bytes, at);
  if (login === loginBytes) {
    const imei = Buffer.from(bytes.subarray(at + 2, at + loginBytes)).toString('latin1');
    return { framed: { frame: { imei } }, used: loginBytes };
  }
  if (login > 1) return 'more';
  if (!packetAt(bytes, at, usualDataBytes)) return 'noise';
  if (bytes.length - at < headBytes) return 'more';
  const end = at + headBytes + u32(bytes, at + 4);
  if (bytes.length < end + crcBytes) return 'more';
  const given = u32(bytes, end);
  const computed = crc16Arc(bytes, at + headBytes, end);
  if (given === computed)
    return { framed: { frame: { data: bytes.slice(at + headBytes, end) } }, used: end + crcBytes - at };
  const problem = faults.problem('teltonika.crc', { given, computed });
  const next = behind(bytes, at, end + crcBytes);
  return { framed: { problem, bytes: bytes.slice(at, next) }, used: next - at };
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
