const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0x8408 : value >> 1;
  return value;
});

/** CRC-16/X.25, which the makers call CRC-ITU, over `bytes[from..to)`. */
export function crcItu(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffff;
  for (let at = from; at < to; at++)
    crc = (crc >> 8) ^ (table[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return crc ^ 0xffff;
}
