import type { Codec } from '../driver.ts';
import { decodeSentence, type NmeaPart } from './decode.ts';
import { assembleEpoch, type EpochState, epochDeadline, expireEpoch, initialEpoch } from './epoch.ts';
import type { Sentence } from './fields.ts';
import { maxSentenceBytes, sentenceFramer } from './frame.ts';

export const nmeaCodec: Codec<Sentence, NmeaPart, EpochState> = {
  maxFrameBytes: maxSentenceBytes,
  framer: sentenceFramer,
  decode: decodeSentence,
  initial: initialEpoch,
  assemble: assembleEpoch,
  expire: expireEpoch,
  deadline: epochDeadline,
};
