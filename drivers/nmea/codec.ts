import type { Codec } from '../driver.ts';
import { contactOf, contactType } from './contact.ts';
import { decodeSentence, type NmeaPart } from './decode.ts';
import { assembleEpoch, type EpochState, epochDeadline, expireEpoch, initialEpoch } from './epoch.ts';
import type { Sentence } from './fields.ts';
import { maxSentenceBytes, sentenceFramer } from './frame.ts';
import { isTracked, placeOfTracked, type RadarPlace, trackedOf, trackedType } from './tracked.ts';

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

/** The same, of a line on which a radar says what it follows; `radar` is where that stands, if it is known. */
export const radarCodec = (radar?: RadarPlace): typeof nmeaCodec => ({
  ...nmeaCodec,
  decode: (sentence) => (isTracked(sentence) ? trackedOf(sentence) : decodeSentence(sentence)),
  assemble(state, part, nowMs) {
    if (part.type === contactType) return [state, contactOf(part)];
    if (part.type === trackedType) return [state, placeOfTracked(part, radar)];
    return assembleEpoch(state, part, nowMs);
  },
});
