import type { Codec } from '#drivers/driver';
import { identify } from '#drivers/stamp';

/** Everything of a driver but the socket: bytes to messages. Throws for a frame that is refused. */
export function decodeWhole(codec: Codec, pieces: Iterable<Uint8Array>): number {
  const framer = codec.framer();
  let state = codec.initial();
  let messages = 0;
  const stamp = {};
  for (const piece of pieces) {
    for (const framed of framer.push(piece)) {
      const decoded = 'problem' in framed ? framed : codec.decode(framed.frame);
      if ('problem' in decoded) throw new Error(decoded.problem.message);
      for (const part of decoded.parts) {
        const [next, made] = codec.assemble(state, part, 0);
        state = next;
        for (const message of made) {
          identify(stamp, message);
          messages++;
        }
      }
    }
  }
  return messages + codec.expire(state, Number.POSITIVE_INFINITY)[1].length;
}
