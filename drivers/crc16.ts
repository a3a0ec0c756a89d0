/** Table of a CRC with 16 bits whose polynomial is given with its bits reversed. */
const tableOf = (polynomial: number): Uint16Array =>
  Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ polynomial : value >> 1;
    return value;
  });

const ibm = tableOf(0xa001);
const ccitt = tableOf(0x8408);

function run(table: Uint16Array, initial: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = initial;
  for (let at = from; at < to; at++)
    crc = (crc >> 8) ^ (table[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return crc;
}

/** CRC-16/ARC (IBM) over `bytes[from..to)`: Teltonika. */
export const crc16Arc = (bytes: Uint8Array, from: number, to: number): number => run(ibm, 0, bytes, from, to);

/** CRC-16/MODBUS over `bytes[from..to)`; sent low byte first. */
export const crc16Modbus = (bytes: Uint8Array, from: number, to: number): number =>
  run(ibm, 0xffff, bytes, from, to);

/** CRC-16/X.25, which makers of trackers call CRC-ITU, over `bytes[from..to)`: GT06. */
export const crc16X25 = (bytes: Uint8Array, from: number, to: number): number =>
  run(ccitt, 0xffff, bytes, from, to) ^ 0xffff;
