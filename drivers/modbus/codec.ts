import type { Problem } from '#flows/fault';
import type { Reading } from '#flows/message';
import { crc16Modbus } from '../crc16.ts';
import type { Codec, Framed } from '../driver.ts';
import { faults } from '../faults.ts';
import { type Cut, scanFramer } from '../scan-framer.ts';
import { Interpreter } from './interpret.ts';
import { dataBytes, isException } from './pdu.ts';
import type { Profile } from './profile.ts';

/** Of a serial line: unit, function code, 250 bytes of values with their number, check sum; over TCP a little more. */
const maxFrameBytes = 260;
/** Transaction, protocol, length. */
const tcpHeadBytes = 6;

export interface ModbusPart {
  readonly block: number;
  readonly data: Uint8Array;
}

export interface ModbusState {
  readonly interpreter: Interpreter;
  problems: Problem[];
}

const checked = (bytes: Uint8Array): boolean => {
  const at = bytes.length - 2;
  return at > 2 && crc16Modbus(bytes, 0, at) === ((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
};

/** Reading of bits and registers. */
const isRead = (code: number) => code >= 1 && code <= 4;
const isAnswer = (code: number) => (isException(code) ? isRead(code & 0x7f) : isRead(code));

type AnswerCut = Cut<Uint8Array>;

/** Unit and what it says of the answer that stands here on a serial line, its check sum taken off. */
function cutRtu(bytes: Uint8Array, at: number): AnswerCut {
  const code = bytes[at + 1];
  if (code === undefined) return 'more';
  if (!isAnswer(code)) return 'noise';
  const count = bytes[at + 2];
  if (count === undefined) return 'more';
  const used = isException(code) ? 5 : 5 + count;
  if (used > maxFrameBytes) return 'noise';
  if (bytes.length - at < used) return 'more';
  const frame = bytes.slice(at, at + used);
  return checked(frame) ? { framed: { frame: frame.subarray(0, -2) }, used } : 'noise';
}

/** The same of Modbus/TCP, its transaction, protocol and length taken off. */
function cutTcp(bytes: Uint8Array, at: number): AnswerCut {
  if (bytes.length - at < tcpHeadBytes + 3) return 'more';
  const [high, low, upper, length, , code, count] = bytes.subarray(at + 2, at + 9) as unknown as number[];
  const said = isException(code as number) ? 3 : 3 + (count as number);
  if (high !== 0 || low !== 0 || upper !== 0 || length !== said || !isAnswer(code as number)) return 'noise';
  const used = tcpHeadBytes + said;
  if (bytes.length - at < used) return 'more';
  return { framed: { frame: bytes.slice(at + tcpHeadBytes, at + used) }, used };
}

const whole = (cut: AnswerCut, bytes: Uint8Array): Framed<Uint8Array> | undefined =>
  typeof cut === 'object' && cut.used === bytes.length ? cut.framed : undefined;

/**
 * Answers on a serial line, or over TCP (`tcp`), as a recording has them; a line of hexadecimal may be of either. An
 * answer does not say what was asked; the blocks of a profile are told by their lengths, which differ.
 */
export const modbusCodec = (profile: Profile, tcp = false): Codec<Uint8Array, ModbusPart, ModbusState> => ({
  maxFrameBytes,
  framer: () =>
    scanFramer<Uint8Array>({
      maxFrameBytes,
      cutAt: tcp ? cutTcp : cutRtu,
      headBytes: 1,
      noise: () => faults.problem('modbus.check'),
      cut: () => faults.problem('modbus.check'),
    }),
  fromHex: (bytes) => [
    whole(cutRtu(bytes, 0), bytes) ??
      whole(cutTcp(bytes, 0), bytes) ?? { problem: faults.problem('modbus.check'), bytes },
  ],
  decode(frame) {
    const [unit = 0, code = 0, count = 0] = frame;
    if (isException(code))
      return {
        problem: faults.problem('modbus.exception', { unit, address: '?', code: count, name: 'as it says' }),
      };
    const block = profile.blocks.findIndex(
      (candidate) => candidate.functionCode === code && dataBytes(candidate) === count,
    );
    if (block < 0 || frame.length !== 3 + count)
      return {
        problem: faults.problem('modbus.foreign', { detail: `${count} bytes are the length of no block` }),
      };
    return { parts: [{ block, data: frame.slice(3, 3 + count) }] };
  },
  initial: () => ({ interpreter: new Interpreter(profile, Number.POSITIVE_INFINITY), problems: [] }),
  assemble(state, { block, data }, nowMs) {
    const { messages, problems } = state.interpreter.take(block, data, nowMs);
    state.problems.push(...problems);
    return [state, messages as Reading[]];
  },
  expire(state) {
    const { problems } = state;
    state.problems = [];
    return [state, [], problems];
  },
  deadline: (state) => (state.problems.length > 0 ? 0 : undefined),
});
