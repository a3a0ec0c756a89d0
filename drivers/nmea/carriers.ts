import type { Message } from '#flows/message';
import type { Codec, Decoded } from '../driver.ts';
import type { NmeaPart } from './decode.ts';
import type { Sentence } from './fields.ts';
import { damage } from './sentence.ts';

/** The sentences that list the satellites in view, each with the carrier-to-noise density at which it is heard. */
const type = 'GSV';
/** Address, number of sentences, number of this one, satellites in view: the satellites stand behind. */
const headFields = 4;
/** Of a satellite: its number, elevation, azimuth and strength. */
const satelliteFields = 4;
/** Strength is two digits, dB-Hz. */
const strongest = 99;
/** As many as a position takes; the weak ones behind them stand low over the horizon or behind something. */
const counted = 4;
/** A list that was not said again for so long is not how it is heard now, ms. */
const oldMs = 15_000;

/** A list as its sentences come in; the signal is that of the first, since some receivers say it of the last alone. */
interface Coming {
  readonly signal: unknown;
  readonly strengths: number[];
  /** The number of the sentence that comes next. */
  next: number;
}
/** A whole list, dB-Hz. */
interface Heard {
  readonly strengths: readonly number[];
  readonly ms: number;
}
export interface CarrierState<S> {
  inner: S;
  /** By constellation. */
  coming: Map<string, Coming>;
  /** By constellation and signal, which are listed one after the other. */
  heard: Map<string, Heard>;
  /** When the last sentence came. */
  lastMs: number;
}

const isList = ({ bytes, start }: Sentence): boolean =>
  bytes[start] === 0x24 &&
  bytes[start + 3] === type.charCodeAt(0) &&
  bytes[start + 4] === type.charCodeAt(1) &&
  bytes[start + 5] === type.charCodeAt(2);

/** A satellite that is not followed has no strength; since NMEA 4.1 the last field is the signal. */
function listOf(sentence: Sentence): Decoded<NmeaPart> {
  const problem = damage(sentence);
  if (problem) return { problem };
  const { count } = sentence;
  const strengths: number[] = [];
  for (let field = headFields + satelliteFields - 1; field < count; field += satelliteFields) {
    const strength = sentence.number(field);
    if (strength !== undefined && strength > 0 && strength <= strongest) strengths.push(strength);
  }
  const signal = (count - headFields) % satelliteFields === 1 ? sentence.said(count - 1) : '';
  const [of, part] = [sentence.number(1), sentence.number(2)];
  return {
    parts: [{ type, talker: sentence.said(0).slice(0, 2), attributes: { of, part, signal, strengths } }],
  };
}

/** A list counts once the last of its sentences has come, all of them in order. */
function take<S>(
  { coming, heard }: CarrierState<S>,
  { talker, attributes = {} }: NmeaPart,
  nowMs: number,
): void {
  const { of, part, signal } = attributes;
  const strengths = attributes.strengths as readonly number[];
  if (part === 1) coming.set(talker, { signal, strengths: [], next: 1 });
  const list = coming.get(talker);
  if (!list || list.next !== part) {
    coming.delete(talker);
    return;
  }
  list.strengths.push(...strengths);
  list.next += 1;
  if (part === of) heard.set(`${talker}${list.signal}`, { strengths: list.strengths, ms: nowMs });
}

/** Mean of the strongest, dB-Hz to a tenth; undefined where fewer are heard. */
function carrierDbHz<S>({ heard, lastMs }: CarrierState<S>): number | undefined {
  const all = [...heard.values()].flatMap(({ strengths, ms }) => (lastMs - ms <= oldMs ? strengths : []));
  if (all.length < counted) return undefined;
  const best = all.sort((a, b) => b - a).slice(0, counted);
  return Math.round((best.reduce((sum, one) => sum + one, 0) / counted) * 10) / 10;
}

/** A codec of positions that also says how strongly the satellites are heard: `attributes.carrierDbHz`. */
export function withCarriers<S>(
  codec: Codec<Sentence, NmeaPart, S>,
): Codec<Sentence, NmeaPart, CarrierState<S>> {
  const marked = (messages: Message[], state: CarrierState<S>): Message[] => {
    const strength = messages.length > 0 ? carrierDbHz(state) : undefined;
    if (strength !== undefined)
      for (const message of messages)
        if (!('contact' in message.attributes)) message.attributes.carrierDbHz = strength;
    return messages;
  };
  return {
    ...codec,
    decode: (sentence) => (isList(sentence) ? listOf(sentence) : codec.decode(sentence)),
    initial: () => ({ inner: codec.initial(), coming: new Map(), heard: new Map(), lastMs: 0 }),
    assemble(state, part, nowMs) {
      state.lastMs = nowMs;
      if (part.type === type) {
        take(state, part, nowMs);
        return [state, []];
      }
      const [inner, messages] = codec.assemble(state.inner, part, nowMs);
      state.inner = inner;
      return [state, marked(messages, state)];
    },
    expire(state, nowMs) {
      const [inner, messages, problems] = codec.expire(state.inner, nowMs);
      state.inner = inner;
      return [state, marked(messages, state), problems];
    },
    deadline: ({ inner }) => codec.deadline(inner),
  };
}
