import type { Codec } from '../driver.ts';
import { contactOf, contactType } from './contact.ts';
import { decodeSentence, type NmeaPart } from './decode.ts';
import { assembleEpoch, type EpochState, epochDeadline, expireEpoch, initialEpoch } from './epoch.ts';
import type { Sentence } from './fields.ts';
import { maxSentenceBytes, sentenceFramer } from './frame.ts';

export const nmeaCodec: Codec<Sentence, NmeaPart, EpochState> = {
  maxFrameBytes: maxSentenceBytes,
  framer: sentenceFramer,
  decode: decodeSentence,
  initial: initialEpoch,
  assemble: (state, part, nowMs) =>
    part.type === contactType ? [state, []] : assembleEpoch(state, part, nowMs),
  expire: expireEpoch,
  deadline: epochDeadline,
};

/** The same, of a line on which a radar says what it follows. */
export const radarCodec: typeof nmeaCodec = {
  ...nmeaCodec,
  assemble: (state, part, nowMs) =>
    part.type === contactType ? [state, contactOf(part)] : assembleEpoch(state, part, nowMs),
};
