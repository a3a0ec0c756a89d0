import { crc16Arc } from '../crc16.ts';
import { codecs } from './records.ts';

/** Types of codec 12: a command to the device, and its answer. */
const types = { command: 5, answer: 6 } as const;

/** Puts data into a packet: four zeros, length, data, check sum. */
export function packet(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + data.length + 4);
  const view = new DataView(out.buffer);
  view.setUint32(4, data.length);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc16Arc(data, 0, data.length));
  return out;
}

function codec12(type: number, text: string): Uint8Array {
  const body = Buffer.from(text, 'latin1');
  const data = Buffer.alloc(8 + body.length);
  data[0] = codecs[12];
  data[1] = 1;
  data[2] = type;
  data.writeUInt32BE(body.length, 3);
  body.copy(data, 7);
  data[7 + body.length] = 1;
  return packet(data);
}

/** A command as text, such as `getinfo` or `setdigout 1`, in codec 12. */
export const commandPacket = (text: string): Uint8Array => codec12(types.command, text);
/** The device's answer to it; the simulator says it. */
export const answerPacket = (text: string): Uint8Array => codec12(types.answer, text);

/** Text of an answer in codec 12; undefined where the data is no whole answer. */
export function readAnswer(data: Uint8Array): string | undefined {
  if (data[0] !== codecs[12] || data.length < 8 || data[2] !== types.answer) return undefined;
  const length = new DataView(data.buffer, data.byteOffset).getUint32(3);
  if (length !== data.length - 8 || data[1] !== data[data.length - 1]) return undefined;
  return Buffer.from(data.subarray(7, 7 + length)).toString('latin1');
}
