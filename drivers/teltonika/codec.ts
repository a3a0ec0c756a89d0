import type { Problem } from '#flows/fault';
import type { Codec } from '../driver.ts';
import { faults } from '../faults.ts';
import { readAnswer } from './command.ts';
import { maxFrameBytes, type TeltonikaFrame, teltonikaFramer } from './frame.ts';
import { codecs, type Records, readRecords } from './records.ts';

export type TeltonikaPart =
  | { readonly imei: string }
  | { readonly records: Records }
  /** Text that a device answered to a command (codec 12). */
  | { readonly answer: string };

export interface TeltonikaState {
  /** Of the login that this connection began with. */
  imei?: string;
  /** Of records; told at the next `expire`. */
  problems: Problem[];
}

export const teltonikaCodec = (): Codec<TeltonikaFrame, TeltonikaPart, TeltonikaState> => ({
  maxFrameBytes,
  framer: teltonikaFramer,
  fromHex(bytes) {
    const framer = teltonikaFramer();
    return [...framer.push(bytes), ...framer.end()];
  },
  decode(frame) {
    if ('imei' in frame) return { parts: [{ imei: frame.imei }] };
    const { data } = frame;
    const records = readRecords(data);
    if (records) return { parts: [{ records }] };
    const answer = readAnswer(data);
    if (answer !== undefined) return { parts: [{ answer }] };
    const codec = `0x${(data[0] ?? 0).toString(16).padStart(2, '0')}`;
    if (data[0] === codecs[12])
      return { problem: faults.problem('teltonika.body', { codec: '12', detail: 'it is no whole answer' }) };
    return { problem: faults.problem('teltonika.codec', { codec }) };
  },
  initial: () => ({ problems: [] }),
  assemble(state, part) {
    if ('imei' in part) {
      state.imei = part.imei;
      return [state, []];
    }
    if ('answer' in part) return [state, []];
    const { messages, problems } = part.records;
    state.problems.push(...problems);
    const { imei } = state;
    if (imei !== undefined) for (const message of messages) message.device = imei;
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
