import { crc32 } from 'node:zlib';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { faults } from '../faults.ts';
import { isoText } from '../moment.ts';
import type { Cut } from '../scan-framer.ts';
import { axisOf, finite, type Read, reading, unitOf, type Whole } from './spectrum.ts';

/**
 * The framed form, for instruments that stream over a socket or a line: `QWS1`, bytes of the head (u16) and number
 * of values (u32), the head as JSON, values as 32-bit floats, CRC-32 over all before it; little-endian.
 */
const magic = Uint8Array.of(0x51, 0x57, 0x53, 0x31);
const fixedBytes = 10;
const maxHeadBytes = 8192;

export const FramedHead = Type.Object({
  technique: Type.Enum(['nir', 'xrf', 'gamma']),
  device: Type.Optional(Type.String({ minLength: 1 })),
  time: Type.Optional(Type.String()),
  axis: Type.Union([
    Type.Object({ unit: Type.String(), start: Type.Number(), step: Type.Number() }),
    Type.Object({ unit: Type.String(), values: Type.Array(Type.Number()) }),
  ]),
  liveTimeS: Type.Optional(Type.Number()),
  channel: Type.Optional(Type.String()),
  /** What was measured: the sample, the dark or white that later samples are told against, or a standard of wavelengths. */
  reference: Type.Optional(Type.Enum(['sample', 'dark', 'white', 'wavelength'])),
  darkTime: Type.Optional(Type.String()),
  whiteTime: Type.Optional(Type.String()),
  integrationMs: Type.Optional(Type.Number()),
});
export type FramedHead = Static<typeof FramedHead>;
const validator = Compile(FramedHead);

export const startsFramed = (bytes: Uint8Array, at: number): boolean =>
  magic.every((byte, i) => at + i >= bytes.length || bytes[at + i] === byte);

/** One frame at a place of the stream. */
export function cutFramed(bytes: Uint8Array, at: number, maxBytes: number): Cut<Whole> {
  if (!startsFramed(bytes, at)) return 'noise';
  if (bytes.length - at < fixedBytes) return 'more';
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const used = fixedBytes + view.getUint16(4, true) + 4 * view.getUint32(6, true) + 4;
  if (view.getUint16(4, true) > maxHeadBytes || used > maxBytes) return 'noise';
  if (bytes.length - at < used) return 'more';
  const given = view.getUint32(used - 4, true);
  const computed = crc32(bytes.subarray(at, at + used - 4));
  const whole = bytes.slice(at, at + used);
  if (given !== computed)
    return {
      framed: { problem: faults.problem('spectrum.check', { given, computed }), bytes: whole },
      used: magic.length,
    };
  return { framed: { frame: { format: 'framed', bytes: whole } }, used };
}

export function readFramed(bytes: Uint8Array): Read {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headBytes = view.getUint16(4, true);
  const count = view.getUint32(6, true);
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(fixedBytes, fixedBytes + headBytes)));
  } catch {
    return faults.problem('spectrum.form', { format: 'framed', detail: 'its head is no JSON' });
  }
  if (!validator.Check(head)) {
    const [error] = validator.Errors(head);
    return faults.problem('spectrum.form', {
      format: 'framed',
      detail: `${error?.instancePath} ${error?.message}`,
    });
  }
  const { technique, axis, device, time, liveTimeS, channel, ...attributes } = head as FramedHead;
  return reading('framed', () => {
    const values = Array.from({ length: count }, (_, i) =>
      view.getFloat32(fixedBytes + headBytes + 4 * i, true),
    );
    const known = time === undefined ? undefined : isoText(Date.parse(time));
    return [
      {
        technique,
        axis:
          'values' in axis ? axisOf(unitOf(axis.unit), axis.values) : { ...axis, unit: unitOf(axis.unit) },
        values: finite(values),
        ...(device === undefined ? {} : { device }),
        ...(known === undefined ? {} : { time: known }),
        ...(liveTimeS === undefined ? {} : { liveTimeS }),
        ...(channel === undefined ? {} : { channel }),
        attributes: { format: 'framed', ...attributes },
      },
    ];
  });
}

/** A frame of the framed form. */
export function framedBytes(head: FramedHead, values: readonly number[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(head));
  const out = Buffer.alloc(fixedBytes + text.length + 4 * values.length + 4);
  out.set(magic);
  out.writeUInt16LE(text.length, 4);
  out.writeUInt32LE(values.length, 6);
  text.copy(out, fixedBytes);
  values.forEach((value, i) => {
    out.writeFloatLE(value, fixedBytes + text.length + 4 * i);
  });
  out.writeUInt32LE(crc32(out.subarray(0, out.length - 4)), out.length - 4);
  return out;
}
