import type { Message } from '#flows/message';
import type { Codec } from '../driver.ts';
import { faults } from '../faults.ts';
import { lineFramer } from '../line-framer.ts';
import { splitLine, topicBytes } from '../topic-line.ts';
import { defaultMaxPayloadBytes, type Item, isProblem, payloadReader, type ReaderConfig } from './reader.ts';

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
