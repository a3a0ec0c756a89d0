import type { Message } from '#flows/message';
import type { Codec, Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { defaultMaxPayloadBytes, type Item, isProblem, payloadReader, type ReaderConfig } from './reader.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
/** A topic and a space stand before the payload. */
const topicBytes = 1024;

/** Cuts at line feeds; of a line over the limit only its beginning is kept, to be shown. */
function lineFramer(limit: number, take: (line: Uint8Array) => Framed<Item>[]): Framer<Item> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const finish = (): Framed<Item>[] => {
    const line = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
    const over = length > limit;
    parts = [];
    length = 0;
    if (over) return [{ problem: faults.problem('json.toolarge', { limit }), bytes: line.slice(0, 256) }];
    const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    return end === 0 ? [] : take(line.subarray(0, end));
  };
  const keep = (bytes: Uint8Array) => {
    if (length <= limit && bytes.length > 0) parts.push(bytes.slice(0, limit + 1 - length));
    length += bytes.length;
  };
  return {
    push(bytes) {
      const out: Framed<Item>[] = [];
      for (let at = 0; at < bytes.length; ) {
        const found = bytes.indexOf(lineFeed, at);
        keep(bytes.subarray(at, found < 0 ? bytes.length : found));
        if (found < 0) break;
        out.push(...finish());
        at = found + 1;
      }
      return out;
    },
    end: finish,
  };
}

/** A payload, or a topic, a space and a payload. */
function splitLine(line: Uint8Array): { topic: string | undefined; payload: Uint8Array } {
  const first = line[0];
  const at = first === 0x7b || first === 0x5b ? -1 : line.indexOf(space);
  if (at <= 0 || at > topicBytes) return { topic: undefined, payload: line };
  const topic = Buffer.from(line.buffer, line.byteOffset, at).toString('utf8');
  return { topic, payload: line.subarray(at + 1) };
}

/** Lines of JSON, as `mosquitto_sub -v` prints them: the wire of the command line and of recordings. */
export function mqttJsonCodec(config: ReaderConfig): Codec<Item, Message, undefined> {
  const reader = payloadReader(config);
  const limit = (config.maxPayloadBytes ?? defaultMaxPayloadBytes) + topicBytes;
  return {
    maxFrameBytes: limit,
    framer: () =>
      lineFramer(limit, (line) => {
        const { topic, payload } = splitLine(line);
        const items = reader.items(topic, payload, false);
        if ('code' in items) return [{ problem: items, bytes: payload }];
        return items.map((frame) => ({ frame }));
      }),
    decode(frame) {
      const read = reader.read(frame);
      if (!read) return { parts: [] };
      return isProblem(read) ? { problem: read } : { parts: [read] };
    },
    initial: () => undefined,
    assemble: (state, message) => [state, [message]],
    expire: (state) => [state, [], []],
    deadline: () => undefined,
  };
}
