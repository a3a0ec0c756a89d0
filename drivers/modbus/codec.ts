import type { Problem } from '#flows/fault';
import type { Reading } from '#flows/message';
import { crc16Modbus } from '../crc16.ts';
import type { Codec, Framed } from '../driver.ts';
import { faults } from '../faults.ts';
import { scanFramer } from '../scan-framer.ts';
import { Interpreter } from './interpret.ts';
import { dataBytes, isException } from './pdu.ts';
import type { Profile } from './profile.ts';

/** Unit, function code, 250 bytes of values with their number, check sum. */
const maxFrameBytes = 256;

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

/**
 * Answers on a serial line, as a recording has them. An answer does not say what was asked; the blocks of a profile
 * are told by their lengths, which differ.
 */
export const modbusCodec = (profile: Profile): Codec<Uint8Array, ModbusPart, ModbusState> => ({
  maxFrameBytes,
  framer: () =>
    scanFramer<Uint8Array>({
      maxFrameBytes,
      cutAt(bytes, at) {
        const code = bytes[at + 1];
        if (code === undefined) return 'more';
        if (isException(code) ? (code & 0x7f) > 4 : code < 1 || code > 4) return 'noise';
        const count = bytes[at + 2];
        if (count === undefined) return 'more';
        const used = isException(code) ? 5 : 5 + count;
        if (used > maxFrameBytes) return 'noise';
        if (bytes.length - at < used) return 'more';
        const frame = bytes.slice(at, at + used);
        return checked(frame) ? { framed: { frame }, used } : 'noise';
      },
      headBytes: 1,
      noise: () => faults.problem('modbus.check'),
      cut: () => faults.problem('modbus.check'),
    }),
  fromHex: (bytes): Framed<Uint8Array>[] => [
    checked(bytes) ? { frame: bytes } : { problem: faults.problem('modbus.check'), bytes },
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
    if (block < 0 || frame.length !== 5 + count)
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
