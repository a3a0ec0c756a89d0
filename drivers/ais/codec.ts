import type { Message } from '#flows/message';
import type { Codec } from '../driver.ts';
import { type Line, lineFramer, maxLineBytes } from './frame.ts';
import { type Joining, join, joiningDue, joiningProblems, newJoining } from './join.ts';
import { readMessage, type Said } from './message.ts';
import { readSentence, type Sentence } from './sentence.ts';

/** One sentence, with what it says where it is a whole message. */
export interface AisPart {
  readonly sentence: Sentence;
  readonly said?: Said;
}

export const aisCodec: Codec<Line, AisPart, Joining> = {
  maxFrameBytes: maxLineBytes,
  framer: lineFramer,
  decode(line) {
    const sentence = readSentence(line);
    if (!sentence) return { parts: [] };
    if ('code' in sentence) return { problem: sentence };
    if (sentence.total > 1) return { parts: [{ sentence }] };
    const { payload, fill, tag, own, channel } = sentence;
    const said = readMessage(payload, fill, tag, own, channel);
    const [problem] = said.problems;
    if (problem && said.messages.length === 0) return { problem };
    return { parts: [{ sentence, said }] };
  },
  initial: newJoining,
  assemble(state, { sentence, said }, nowMs) {
    state.sentences++;
    if (sentence.tagProblem) state.problems.push(sentence.tagProblem);
    let found = said;
    if (!found) {
      const whole = join(state, sentence, nowMs);
      if (whole) found = readMessage(whole.payload, sentence.fill, whole.tag, sentence.own, sentence.channel);
    }
    if (!found) return [state, []];
    state.problems.push(...found.problems);
    return [state, found.messages];
  },
  expire(state, nowMs) {
    const messages: Message[] = [];
    return [state, messages, joiningProblems(state, nowMs)];
  },
  deadline: joiningDue,
};
