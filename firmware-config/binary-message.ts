/** Binary messages with a header: u32 length of the header, little-endian, JSON, padding to 4 bytes, body. */

const padded = (length: number): number => Math.ceil(length / 4) * 4;

export function packMessage(header: object, body: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const begin = 4 + padded(text.length);
  const bytes = Buffer.alloc(begin + body.length);
  bytes.writeUInt32LE(text.length);
  bytes.set(text, 4);
  bytes.set(body, begin);
  return bytes;
}

/** Undefined for what is no such message. The body is a view of the bytes. */
export function unpackMessage(bytes: Uint8Array): { header: unknown; body: Uint8Array } | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (all.length < 4) return undefined;
  const length = all.readUInt32LE();
  const begin = 4 + padded(length);
  if (begin > all.length) return undefined;
  try {
    return { header: JSON.parse(all.toString('utf8', 4, 4 + length)), body: all.subarray(begin) };
  } catch {
    return undefined;
  }
}
