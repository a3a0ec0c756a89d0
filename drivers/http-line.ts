import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { Codec, Decoded } from './driver.ts';
import { faults } from './faults.ts';
import { lineFramer } from './line-framer.ts';
import type { HttpRequest } from './transport/http-server.ts';

/** JSON of a body as one line, or why it is none. */
export function jsonLine(body: Uint8Array): Uint8Array | Problem {
  const parsed = parseJson(body);
  return 'value' in parsed ? Buffer.from(JSON.stringify(parsed.value)) : parsed;
}

export function parseJson(bytes: Uint8Array): { readonly value: unknown } | Problem {
  try {
    return { value: JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) };
  } catch (error) {
    return faults.problem('json.syntax', { detail: (error as Error).message.slice(0, 120) });
  }
}

export const isJson = ({ contentType }: HttpRequest): boolean => /\bjson\b/i.test(contentType);

/** A codec of lines, each of which is whole by itself. */
export function wholeLineCodec(
  maxLineBytes: number,
  decode: (line: Uint8Array) => Decoded<Message>,
): Codec<Uint8Array, Message, undefined> {
  const tooLarge = () => faults.problem('json.toolarge', { limit: maxLineBytes });
  return {
    maxFrameBytes: maxLineBytes,
    framer: () => lineFramer<Uint8Array>(maxLineBytes, tooLarge, (line) => [{ frame: line.slice() }]),
    decode,
    initial: () => undefined,
    assemble: (state, message) => [state, [message]],
    expire: (state) => [state, [], []],
    deadline: () => undefined,
  };
}
