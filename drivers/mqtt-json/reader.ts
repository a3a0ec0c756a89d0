import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import { faults } from '../faults.ts';
import type { PayloadReader, Read } from '../mqtt-taker.ts';
import type { MqttJsonConfig } from './config.ts';
import { jointechAddress, readJointech, withoutKey } from './jointech.ts';
import { compileMap } from './map.ts';
import { type Payload, readOwnTracks } from './owntracks.ts';
import { messageChecker } from './schema.ts';
import { secondsText } from './time.ts';
import { topicNames } from './topic.ts';

export type ReaderConfig = Partial<
  Pick<MqttJsonConfig, 'format' | 'map' | 'topicLevel' | 'device' | 'maxPayloadBytes'>
>;

/** One item of a payload: payloads that are lists are several. */
export interface Item {
  readonly topic: string | undefined;
  readonly item: unknown;
  readonly payload: unknown;
  readonly retained: boolean;
  /** What was made of it already, where one report tells of several things. */
  readonly made?: Message | Problem;
}

export type Reader = PayloadReader<Item>;

export const defaultMaxPayloadBytes = 65_536;

export const isProblem = (read: Message | Problem): read is Problem => !('kind' in read);

function parse(payload: Uint8Array): { readonly value: unknown } | Problem {
  try {
    return {
      value: JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8')),
    };
  } catch (error) {
    return faults.problem('json.syntax', { detail: (error as Error).message.slice(0, 120) });
  }
}

/** What makes messages of payloads, by the config. Holds caches only: the same payload gives the same message. */
export function payloadReader(config: ReaderConfig): Reader {
  const { format = 'auto', topicLevel, maxPayloadBytes = defaultMaxPayloadBytes } = config;
  const check = messageChecker();
  const map = config.map && compileMap(config.map, check);
  const names = topicNames(topicLevel);
  const secondsToText = secondsText();

  const own = (item: Item): Message | Problem => {
    const payload = item.item as Payload;
    const candidate = { kind: payload.kind, quality: 'good', attributes: {}, ...payload };
    const message = check(candidate);
    if (isProblem(message)) return message;
    delete message.received; // the box says when it received
    message.attributes = { ...message.attributes };
    return message;
  };
  const mapped = (item: Item): Message | Problem =>
    map
      ? map.read({ item: item.item, payload: item.payload, levels: item.topic?.split('/') ?? [] })
      : faults.problem('json.shape', { detail: 'it has neither `kind` nor `_type`, and there is no `map`' });

  /** Whether it is a push of Jointech's platform: their reports say nothing of it themselves. */
  const isJointech = (topic: string | undefined, value: unknown): boolean => {
    if (format !== 'auto') return format === 'jointech';
    const { kind, _type } = (value ?? {}) as Payload;
    return !map && kind === undefined && _type === undefined && jointechAddress(topic) !== undefined;
  };

  const choose = (item: Item): Read => {
    if (item.made) return item.made;
    if (format === 'map') return mapped(item);
    const value = item.item;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return map && format === 'auto'
        ? mapped(item)
        : faults.problem('json.shape', { detail: 'it is no object' });
    const payload = value as Payload;
    if (
      format === 'owntracks' ||
      (format === 'auto' && payload._type !== undefined && payload.kind === undefined)
    ) {
      const read = readOwnTracks(payload, secondsToText);
      if (read && !isProblem(read)) {
        const device = names.ownTracks(item.topic, payload);
        if (device !== undefined) read.device = device;
      }
      return read;
    }
    if (format === 'message' || payload.kind !== undefined) return own(item);
    return mapped(item);
  };

  return {
    items(topic, payload, retained) {
      if (payload.length > maxPayloadBytes)
        return faults.problem('json.toolarge', { limit: maxPayloadBytes });
      const parsed = parse(payload);
      if (!('value' in parsed)) return parsed;
      const { value } = parsed;
      const listed = map?.items(value) ?? (Array.isArray(value) ? value : undefined);
      if (map && listed === undefined && format === 'map')
        return faults.problem('json.shape', { detail: '`items` of the map leads to no list' });
      return (listed ?? [value]).flatMap((item): Item[] => {
        const whole = { topic, item, payload: value, retained };
        if (!isJointech(topic, item)) return [whole];
        return readJointech(topic, item).map((made) => ({ ...whole, made }));
      });
    },
    read(item) {
      const read = choose(item);
      if (!read || isProblem(read)) return read;
      if (read.device === undefined) {
        const device = names.named(item.topic);
        if (device !== undefined) read.device = device;
      }
      if (item.retained) read.attributes.retained = true;
      return read;
    },
    publicTopic: (topic) => (format === 'auto' || format === 'jointech' ? withoutKey(topic) : topic),
  };
}
