import type { Codec, Framed } from '#drivers/driver';
import { identify } from '#drivers/stamp';
import type { Message } from '#flows/message';

/** Messages and problem codes of bytes, given to a codec in the pieces that they come in, and then the end. */
export function decodeAll(codec: Codec, pieces: Iterable<Uint8Array>) {
  const framer = codec.framer();
  const messages: Message[] = [];
  const codes: string[] = [];
  let state = codec.initial();
  const take = (framed: readonly Framed<unknown>[]) => {
    for (const item of framed) {
      const decoded = 'problem' in item ? item : codec.decode(item.frame);
      if ('problem' in decoded) {
        codes.push(decoded.problem.code);
        continue;
      }
      for (const part of decoded.parts) {
        const [next, made] = codec.assemble(state, part, 0);
        state = next;
        messages.push(...made);
      }
    }
  };
  for (const piece of pieces) take(framer.push(piece));
  take(framer.end());
  const [, made, problems] = codec.expire(state, Number.POSITIVE_INFINITY);
  messages.push(...made);
  codes.push(...problems.map(({ code }) => code));
  return { messages: messages.map((message) => identify({}, message)), codes };
}
