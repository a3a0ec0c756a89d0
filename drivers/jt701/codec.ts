import type { Problem } from '#flows/fault';
import type { Codec } from '../driver.ts';
import { readBinary, type Said } from './binary.ts';
import { type Jt701Frame, jt701Framer, maxFrameBytes } from './frame.ts';
import { readText } from './text.ts';

export interface Jt701Part extends Said {
  /** Of a text frame. */
  readonly type?: string;
  /** What it says behind its identity, whole. */
  readonly text?: string;
}

export interface Jt701State {
  /** Of records beside good ones; told at the next `expire`. */
  problems: Problem[];
}

export const jt701Codec = (): Codec<Jt701Frame, Jt701Part, Jt701State> => ({
  maxFrameBytes,
  framer: jt701Framer,
  fromHex(bytes) {
    const framer = jt701Framer();
    return [...framer.push(bytes), ...framer.end()];
  },
  decode(frame) {
    const said: Jt701Part | Problem = 'binary' in frame ? readBinary(frame.binary) : readText(frame.text);
    return 'code' in said ? { problem: said } : { parts: [said] };
  },
  initial: () => ({ problems: [] }),
  assemble(state, { messages, problems }) {
    state.problems.push(...problems);
    return [state, messages];
  },
  expire(state) {
    const { problems } = state;
    state.problems = [];
    return [state, [], problems];
  },
  // A problem waits for nothing: it is due at once.
  deadline: (state) => (state.problems.length > 0 ? 0 : undefined),
});
