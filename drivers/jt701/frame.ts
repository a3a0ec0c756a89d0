import type { Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { type Cut, scanFramer } from '../scan-framer.ts';

/** A frame as it came, without brackets where it is text. */
export type Jt701Frame = { readonly binary: Uint8Array } | { readonly text: string };

const dollar = 0x24;
const open = 0x28;
const close = 0x29;
/** Some ten records of 27 bytes that were kept in a blind area, and room for more. */
const maxBodyBytes = 2048;
const maxTextBytes = 512;
export const maxFrameBytes = 10 + maxBodyBytes;
/** Identity, versions and length. */
const headBytes = 10;

/** Locks (identities from 7 up) have a byte more in front of the length than vehicle terminals. */
export const isLong = (bytes: Uint8Array, at: number): boolean => (bytes[at + 1] as number) >> 4 >= 7;

const isBcd = (byte: number) => byte >> 4 < 10 && (byte & 15) < 10;

/**
 * A frame has no check sum: one that was cut would be filled up with the next. Where the same lock begins
 * anew inside of it, or what follows it is no beginning, it was.
 */
function anotherBegins(bytes: Uint8Array, at: number, end: number): number | undefined {
  for (
    let next = bytes.indexOf(dollar, at + 1);
    next > 0 && next + 6 <= end;
    next = bytes.indexOf(dollar, next + 1)
  )
    if ([1, 2, 3, 4, 5].every((i) => bytes[next + i] === bytes[at + i])) return next;
  return undefined;
}

const mayFollow = (byte: number | undefined) =>
  byte === undefined || byte === dollar || byte === open || byte === 0x0d || byte === 0x0a;

const cutShort = (bytes: Uint8Array, at: number, next: number): Cut<Jt701Frame> => ({
  framed: { problem: faults.problem('jt701.cut'), bytes: bytes.slice(at, next) },
  used: next - at,
});

function binaryAt(bytes: Uint8Array, at: number): Cut<Jt701Frame> {
  for (let i = 1; i <= 5 && at + i < bytes.length; i++) if (!isBcd(bytes[at + i] as number)) return 'noise';
  if (bytes.length - at < headBytes) return 'more';
  const lengthAt = at + (isLong(bytes, at) ? 8 : 7);
  const length = ((bytes[lengthAt] as number) << 8) | (bytes[lengthAt + 1] as number);
  if (length === 0 || length > maxBodyBytes) return 'noise';
  // The length counts from behind itself in the long form; in the short one a byte more follows.
  const used = length + 10;
  const begun = anotherBegins(bytes, at, Math.min(at + used, bytes.length));
  if (begun !== undefined) return cutShort(bytes, at, begun);
  if (bytes.length < at + used) return 'more';
  if (!mayFollow(bytes[at + used])) return cutShort(bytes, at, at + 1);
  return { framed: { frame: { binary: bytes.slice(at, at + used) } }, used };
}

function textAt(bytes: Uint8Array, at: number): Cut<Jt701Frame> {
  for (let end = at + 1; end < bytes.length; end++) {
    const byte = bytes[end] as number;
    if (byte === close) {
      const text = Buffer.from(bytes.subarray(at + 1, end)).toString('latin1');
      return { framed: { frame: { text } }, used: end + 1 - at };
    }
    if (byte < 0x20 || byte > 0x7e || byte === open || end - at > maxTextBytes) return 'noise';
  }
  return 'more';
}

/** Binary frames by their length, texts by their brackets. */
export const jt701Framer = (): Framer<Jt701Frame> =>
  scanFramer<Jt701Frame>({
    maxFrameBytes,
    cutAt(bytes, at) {
      if (bytes[at] === dollar) return binaryAt(bytes, at);
      return bytes[at] === open ? textAt(bytes, at) : 'noise';
    },
    headBytes: 1,
    noise: (bytes) => faults.problem('jt701.noise', { bytes }),
    cut: () => faults.problem('jt701.cut'),
  });
