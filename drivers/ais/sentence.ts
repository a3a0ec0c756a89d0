import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { checkedTo } from './checksum.ts';
import { backslash, bang, type Line } from './frame.ts';
import { sixBits } from './six-bits.ts';
import { readTag, type Tag } from './tag.ts';

/** One `!..VDM` or `!..VDO`: a message, or a piece of one. */
export interface Sentence {
  /** How many sentences the message has, and which this is, from 1. */
  readonly total: number;
  readonly index: number;
  /** Sequence number and channel, by which pieces find each other. */
  readonly key: string;
  readonly channel: string;
  /** What the own ship says of itself (VDO). */
  readonly own: boolean;
  /** Six bits each. */
  readonly payload: Uint8Array;
  /** Bits at the end of the payload that are none. */
  readonly fill: number;
  readonly tag?: Tag;
  /** Of a tag block that could not be read: the sentence is right all the same. */
  readonly tagProblem?: Problem;
}

const comma = 0x2c;
const zero = 0x30;

const detail = (text: string) => faults.problem('ais.sentence', { detail: text });

/** Reads a line; undefined for a sentence that is right and none of AIS. */
export function readSentence(line: Line): Sentence | Problem | undefined {
  let at = 0;
  let tag: Tag | Problem | undefined;
  if (line[0] === backslash) {
    const close = line.indexOf(backslash, 1);
    if (close < 0) return faults.problem('ais.cut');
    tag = readTag(line.subarray(0, close));
    at = close + 1;
  }
  // After the checksum some receivers add words of their own behind a comma.
  const end = checkedTo(line, at + 1, line.length);
  if (typeof end !== 'number') return end;
  // VD and M or O: an AIS message, whoever the talker.
  const isAis = line[at] === bang && line[at + 3] === 0x56 && line[at + 4] === 0x44 && line[at + 6] === comma;
  if (!isAis || (line[at + 5] !== 0x4d && line[at + 5] !== 0x4f)) return undefined;
  const commas: number[] = [];
  for (let i = at + 6; i < end; i++) if (line[i] === comma) commas.push(i);
  if (commas.length !== 6) return detail(`it has ${commas.length + 1} fields`);
  const [c1, c2, c3, c4, c5, c6] = commas as [number, number, number, number, number, number];
  const total = (line[c1 + 1] as number) - zero;
  const index = (line[c2 + 1] as number) - zero;
  if (c2 !== c1 + 2 || c3 !== c2 + 2 || total < 1 || total > 9 || index < 1 || index > total)
    return detail('its number cannot be');
  const fill = (line[c6 + 1] as number) - zero;
  // Only the last sentence of a message is filled up.
  if (end !== c6 + 2 || fill < 0 || fill > 5 || (fill > 0 && index < total))
    return detail('its count of fill bits cannot be');
  const payload = sixBits(line, c5 + 1, c6);
  if (!payload || payload.length === 0) return detail('its payload has characters that cannot be');
  const text = (from: number, to: number) => {
    let out = '';
    for (let i = from; i < to; i++) out += String.fromCharCode(line[i] as number);
    return out;
  };
  const channel = c5 === c4 + 1 ? '' : text(c4 + 1, c5);
  const sentence: Sentence = {
    total,
    index,
    key: total === 1 ? '' : `${text(c3 + 1, c4)} ${channel} ${total} ${text(at + 1, at + 6)}`,
    channel,
    own: line[at + 5] === 0x4f,
    payload,
    fill,
  };
  if (tag === undefined) return sentence;
  return 'code' in tag ? { ...sentence, tagProblem: tag } : { ...sentence, tag };
}
