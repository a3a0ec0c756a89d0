import type { Problem } from '#flows/fault';
import type { Codec } from '../driver.ts';
import { faults } from '../faults.ts';
import { digitsReader } from './digits.ts';
import { maxFrameBytes, type Packet, packetFramer, unwrap } from './frame.ts';
import { type Header, readHeader } from './header.ts';
import { type Joining, join, joiningDue, joiningExpired, newJoining } from './join.ts';
import { readMessage, type Said } from './message.ts';
import { timeReader } from './time.ts';

/** One packet: what it says, or a piece of a message in several. */
export class Part {
  readonly header: Header;
  /** Absent for a piece. */
  readonly said: Said | undefined;
  readonly #packet: Packet;

  constructor(header: Header, packet: Packet, said?: Said) {
    this.header = header;
    this.said = said;
    this.#packet = packet;
  }

  /** Seldom asked for, and dear: made then. */
  get body(): Uint8Array {
    return this.#packet.subarray(this.header.bodyAt);
  }
}

export interface Jt808State {
  readonly joining: Joining;
  /** Of messages that were put together, and of entries in a batch; told at the next `expire`. */
  problems: Problem[];
}

export function jt808Codec(): Codec<Packet, Part, Jt808State> {
  const time = timeReader();
  const digits = digitsReader();
  return {
    maxFrameBytes,
    framer: packetFramer,
    fromHex(bytes) {
      if (bytes.length < 2 || bytes[0] !== 0x7e || bytes.at(-1) !== 0x7e)
        return [{ problem: faults.problem('jt808.flags'), bytes }];
      // Several packets in one line, as a capture may have them; a flag inside a packet is none of it.
      const framer = packetFramer();
      const several = [...framer.push(bytes), ...framer.end()];
      const areWhole = several.length > 1 && several.every((framed) => 'frame' in framed);
      return areWhole ? several : [unwrap(bytes, 1, bytes.length - 1)];
    },
    decode(packet) {
      const header = readHeader(packet, digits);
      if ('code' in header) return { problem: header };
      if (header.total > 1) return { parts: [new Part(header, packet)] };
      const said = readMessage(header, packet.bytes, packet.from + header.bodyAt, packet.to, time);
      const [problem] = said.problems;
      if (problem && said.messages.length === 0) return { problem };
      return { parts: [new Part(header, packet, said)] };
    },
    bytesOf: (packet) => packet.subarray(0),
    initial: () => ({ joining: newJoining(), problems: [] }),
    assemble(state, part, nowMs) {
      let said = part.said;
      if (!said) {
        const whole = join(state.joining, part.header, part.body, nowMs);
        if (whole) said = readMessage(part.header, whole, 0, whole.length, time);
      }
      if (!said) return [state, []];
      if (said.problems.length > 0) state.problems.push(...said.problems);
      return [state, said.messages];
    },
    expire(state, nowMs) {
      const problems = [...state.problems, ...joiningExpired(state.joining, nowMs)];
      state.problems = [];
      return [state, [], problems];
    },
    // A problem waits for nothing: it is due at once.
    deadline: (state) => (state.problems.length > 0 ? 0 : joiningDue(state.joining)),
  };
}
