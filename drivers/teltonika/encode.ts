import type { Position } from '#flows/message';
import { packet } from './command.ts';
import { codecs } from './records.ts';

export const loginBytes = (imei: string): Uint8Array =>
  Buffer.concat([Uint8Array.of(0, imei.length), Buffer.from(imei, 'latin1')]);

function record(position: Position): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.writeBigUInt64BE(BigInt(Date.parse(position.time ?? '') || 0), 0);
  bytes.writeInt32BE(Math.round(position.lon * 1e7), 9);
  bytes.writeInt32BE(Math.round(position.lat * 1e7), 13);
  bytes.writeInt16BE(Math.round(position.altitudeM ?? 0), 17);
  bytes.writeUInt16BE(Math.round(position.courseDeg ?? 0), 19);
  bytes[21] = position.fix ? (position.satellites ?? 9) : 0;
  bytes.writeUInt16BE(Math.round(position.speedKph ?? 0), 22);
  return bytes; // event, count and the four counts of elements are zero
}

/** Up to 255 positions as one packet of codec 8. */
export function recordsPacket(positions: readonly Position[]): Uint8Array {
  const count = Uint8Array.of(positions.length);
  return packet(Buffer.concat([Uint8Array.of(codecs[8]), count, ...positions.map(record), count]));
}
