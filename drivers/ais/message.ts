import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import { faults } from '../faults.ts';
import { momentOfSecond } from '../moment.ts';
import { identityReaders } from './identities.ts';
import { otherReaders } from './others.ts';
import { positionReaders, type Reader } from './positions.ts';
import { readHead } from './report.ts';
import { Bits } from './six-bits.ts';
import type { Tag } from './tag.ts';

const readers: Readonly<Record<number, Reader>> = { ...positionReaders, ...identityReaders, ...otherReaders };

/**
 * Least and most bits of each type. A message of another length was damaged though its sentence was not, and
 * its fields would be read from where they are not. Senders differ in the padding of the last characters.
 */
const lengths: Readonly<Record<number, readonly [number, number]>> = {
  1: [168, 168],
  2: [168, 168],
  3: [168, 168],
  4: [168, 168],
  5: [422, 426],
  6: [88, 1008],
  7: [72, 168],
  8: [56, 1008],
  9: [168, 168],
  10: [72, 72],
  11: [168, 168],
  12: [72, 1008],
  13: [72, 168],
  14: [40, 1008],
  15: [88, 168],
  16: [92, 168],
  17: [80, 816],
  18: [168, 168],
  19: [312, 312],
  20: [70, 168],
  21: [272, 364],
  22: [168, 168],
  23: [160, 168],
  24: [160, 168],
  25: [40, 168],
  26: [60, 1064],
  27: [96, 168],
};

export interface Said {
  readonly messages: Message[];
  readonly problems: Problem[];
}

/** What a whole message says. `own`: the own ship's. */
export function readMessage(
  payload: Uint8Array,
  fill: number,
  tag: Tag | undefined,
  own: boolean,
  channel: string,
): Said {
  const bits = new Bits(payload, fill);
  const type = bits.length >= 6 ? bits.u(0, 6) : 0;
  const [least, most] = lengths[type] ?? [0, 0];
  const read = readers[type];
  if (!read) return { messages: [], problems: [faults.problem('ais.type', { type })] };
  if (bits.length < least || bits.length > most)
    return { messages: [], problems: [faults.problem('ais.length', { type, bits: bits.length })] };
  const said: Said = { messages: [], problems: [] };
  for (const item of read(bits, readHead(bits))) {
    if ('code' in item) {
      said.problems.push(item);
      continue;
    }
    if (channel !== '') item.attributes.channel = channel;
    if (own) item.attributes.own = true;
    if (tag) tagged(item, tag);
    said.messages.push(item);
  }
  return said;
}

function tagged(message: Message, tag: Tag): void {
  const { attributes } = message;
  if (tag.source !== undefined) attributes.source = tag.source;
  if (tag.text !== undefined) attributes.tagText = tag.text;
  if (tag.timeMs === undefined || message.time !== undefined) return;
  const { utcSecond } = attributes;
  const ms = typeof utcSecond === 'number' ? momentOfSecond(utcSecond, tag.timeMs) : tag.timeMs;
  message.time = new Date(ms).toISOString();
}
