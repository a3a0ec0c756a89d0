import type { Message } from '#flows/message';
import type { Codec } from '../driver.ts';
import { faults } from '../faults.ts';
import { lineFramer } from '../line-framer.ts';
import { defaultMaxPayloadBytes, type Item, isProblem, payloadReader, type ReaderConfig } from './reader.ts';

const space = 0x20;
/** A topic and a space stand before the payload. */
const topicBytes = 1024;

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
  const tooLarge = () => faults.problem('json.toolarge', { limit });
  return {
    maxFrameBytes: limit,
    framer: () =>
      lineFramer<Item>(limit, tooLarge, (line) => {
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
