import type { Duplex } from 'node:stream';

/**
 * Watches the fixed headers of MQTT packets as they are read from a stream and tells of the first
 * packet whose length is above the limit, before it is gathered in memory. The stream must be read by
 * `read` only, as aedes does. After `onTooLarge` nothing more is handed out.
 */
export function guardPacketSize(stream: Duplex, limit: number, onTooLarge: (bytes: number) => void): void {
  const read = stream.read.bind(stream);
  /** Bytes of the current packet still to come; 0 between packets. */
  let rest = 0;
  /** Bytes seen of the fixed header; the first is type and flags, then up to four of length. */
  let header = 0;
  let length = 0;
  let closed = false;

  function tooLarge(chunk: Uint8Array): number | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (rest > 0) {
        const step = Math.min(rest, chunk.length - at);
        rest -= step;
        at += step;
        continue;
      }
      const byte = chunk[at] as number;
      at += 1;
      header += 1;
      if (header === 1) continue;
      length += (byte & 0x7f) * 128 ** (header - 2);
      if (length > limit) return length;
      if (byte < 0x80 || header === 5) {
        rest = length;
        header = 0;
        length = 0;
      }
    }
    return undefined;
  }

  stream.read = (size?: number) => {
    if (closed) return null;
    const chunk = read(size) as Uint8Array | null;
    const bytes = chunk === null ? undefined : tooLarge(chunk);
    if (bytes === undefined) return chunk;
    closed = true;
    onTooLarge(bytes);
    return null;
  };
}
