import type { Position } from '#flows/message';
import { packet } from './frame.ts';
import { types } from './types.ts';

export const loginPacket = (imei: string, serial: number): Uint8Array =>
  packet(types.login, Buffer.from(`0${imei}`, 'hex'), serial);

/** A location (0x22) without a cell of the network. */
export function locationPacket(position: Position, serial: number): Uint8Array {
  const body = Buffer.alloc(29);
  const time = new Date(Date.parse(position.time ?? '') || 0);
  body.set([
    Math.max(0, time.getUTCFullYear() - 2000),
    time.getUTCMonth() + 1,
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
    0xc0 | Math.min(15, position.satellites ?? 9),
  ]);
  body.writeUInt32BE(Math.round(Math.abs(position.lat) * 1_800_000), 7);
  body.writeUInt32BE(Math.round(Math.abs(position.lon) * 1_800_000), 11);
  body[15] = Math.min(255, Math.round(position.speedKph ?? 0));
  const flags =
    (position.fix ? 0x1000 : 0) | (position.lat >= 0 ? 0x400 : 0) | (position.lon < 0 ? 0x800 : 0);
  body.writeUInt16BE(flags | (Math.round(position.courseDeg ?? 0) & 0x3ff), 16);
  return packet(types.location2, body, serial);
}

/** A command as text to a terminal; `flag` comes back with its answer. */
export const commandPacket = (text: string, flag: number, serial: number): Uint8Array =>
  textPacket(types.command, text, flag, serial);
/** The terminal's answer to it; the simulator says it. */
export const answerPacket = (text: string, flag: number, serial: number): Uint8Array =>
  textPacket(types.answer, text, flag, serial);

function textPacket(type: number, text: string, flag: number, serial: number): Uint8Array {
  const content = Buffer.from(text, 'latin1');
  const body = Buffer.alloc(5 + content.length);
  body[0] = 4 + content.length;
  body.writeUInt32BE(flag >>> 0, 1);
  content.copy(body, 5);
  return packet(type, body, serial);
}

/** Text of an answer to a command, short (0x15) or long (0x21); undefined: it is none. */
export function readAnswer(type: number, body: Uint8Array): { flag: number; text: string } | undefined {
  if ((type !== types.answer && type !== types.longAnswer) || body.length < 5) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (type === types.longAnswer) {
    // Behind the flag one byte says how the text is written: 1 ASCII, 2 UTF-16.
    const text = body.subarray(5);
    const wide = body[4] === 2;
    return { flag: view.getUint32(0), text: new TextDecoder(wide ? 'utf-16be' : 'latin1').decode(text) };
  }
  const length = Math.min((body[0] as number) - 4, body.length - 5);
  return { flag: view.getUint32(1), text: Buffer.from(body.subarray(5, 5 + length)).toString('latin1') };
}
