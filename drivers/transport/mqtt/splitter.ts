import type { Problem } from '#flows/fault';
import { faults } from '../../faults.ts';

/** What a splitter makes of the bytes. Buffers are views of what came in, or fresh ones; they may be kept. */
export interface PacketTaker {
  /** `id` is 0 at QoS 0. */
  publish(
    topic: string,
    payload: Buffer,
    qos: 0 | 1 | 2,
    id: number,
    retained: boolean,
    again: boolean,
  ): void;
  /** Any other packet, whole. */
  control(packet: Buffer): void;
  /** A PUBLISH over the limit: refused without having been held. */
  tooLarge(topic: string, bytes: number, qos: 0 | 1 | 2, id: number): void;
}

const publishType = 3;
/** First bytes of CONNACK, PUBACK, SUBACK, UNSUBACK and PINGRESP, and in MQTT 5 DISCONNECT. */
const controlTypes = {
  4: new Set([0x20, 0x40, 0x90, 0xb0, 0xd0]),
  5: new Set([0x20, 0x40, 0x90, 0xb0, 0xd0, 0xe0]),
} as const;
const malformed = (detail: string): Problem => faults.problem('mqtt.malformed', { detail });

/** Length of the fixed header and of what follows it; undefined: more bytes are needed; -1: no length at all. */
interface Header {
  size: number;
  rest: number;
}

function readHeader(bytes: Buffer, at: number, end: number, out: Header): boolean | undefined {
  let rest = 0;
  for (let i = 0; i < 4; i++) {
    const position = at + 1 + i;
    if (position >= end) return undefined;
    const byte = bytes[position] as number;
    rest += (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      out.size = 2 + i;
      out.rest = rest;
      return true;
    }
  }
  return false;
}

/**
 * Where the properties of an MQTT 5 PUBLISH end that begin at `at`; beyond `end` for a length that cannot be.
 * None of them changes what a device said: topic aliases come only to those who ask for them.
 */
function behindProperties(bytes: Buffer, at: number, end: number): number {
  let length = 0;
  for (let i = 0; i < 4 && at + i < end; i++) {
    const byte = bytes[at + i] as number;
    length += (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return at + i + 1 + length;
  }
  return end + 1;
}

/**
 * Cuts a stream of MQTT 3.1.1 or 5 into packets, PUBLISH without an object in between: it is nearly all that a
 * box receives. Holds at most one packet of `maxPacketBytes`, or the topic of a larger one.
 */
export class PacketSplitter {
  readonly #max: number;
  readonly #taker: PacketTaker;
  readonly #version: 4 | 5;
  readonly #header: Header = { size: 0, rest: 0 };
  /** The beginning of a packet whose rest has not come. */
  #held: Buffer | undefined;
  #length = 0;
  /** Bytes of a refused packet that are still to come. */
  #skip = 0;

  constructor(maxPacketBytes: number, taker: PacketTaker, version: 4 | 5) {
    this.#max = maxPacketBytes;
    this.#version = version;
    this.#taker = taker;
  }

  /** Returns a problem when the stream is no MQTT: nothing that follows can be understood. */
  push(chunk: Buffer): Problem | undefined {
    let at = 0;
    const end = chunk.length;
    while (at < end) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, end - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const used = this.#held ? this.#continue(chunk, at, end) : this.#packet(chunk, at, end);
      if (typeof used !== 'number') return used;
      at += used;
    }
    return undefined;
  }

  /** Takes one packet that lies whole in the chunk, or begins to hold it. Returns the bytes used. */
  #packet(chunk: Buffer, at: number, end: number): number | Problem {
    const first = chunk[at] as number;
    // What a broker sends beside PUBLISH has no flags: most of what is no MQTT is known by its first byte.
    if (first >> 4 !== publishType && !controlTypes[this.#version].has(first))
      return malformed(`a first byte of ${first}`);
    const header = this.#header;
    const found = readHeader(chunk, at, end, header);
    if (found === false) return malformed('a length of more than four bytes');
    const whole = header.size + header.rest;
    if (found === undefined || whole > this.#max || at + whole > end)
      return this.#hold(chunk, at, end, found);
    const problem = this.#complete(chunk, at, header.size, at + whole);
    return problem ?? whole;
  }

  #hold(chunk: Buffer, at: number, end: number, found: true | undefined): number | Problem {
    const { size, rest } = this.#header;
    const first = chunk[at] as number;
    if (found && size + rest > this.#max && first >> 4 !== publishType)
      return malformed(`a packet of type ${first >> 4} with ${rest} bytes`);
    this.#held = Buffer.allocUnsafe(found ? Math.min(size + rest, this.#max) : 5);
    this.#length = 0;
    return this.#continue(chunk, at, end);
  }

  /** Copies what is missing of the held packet. Returns the bytes used. */
  #continue(chunk: Buffer, at: number, end: number): number | Problem {
    let used = 0;
    for (;;) {
      const need = this.#need();
      if (typeof need !== 'number') return need;
      if (need > this.#length) {
        this.#room(need);
        const copied = Math.min(need - this.#length, end - at - used);
        chunk.copy(this.#held as Buffer, this.#length, at + used, at + used + copied);
        this.#length += copied;
        used += copied;
        if (this.#length < need) return used;
        continue;
      }
      const held = this.#held as Buffer;
      const { size, rest } = this.#header;
      this.#held = undefined;
      if (size + rest > this.#max) return this.#refuse(held, size, rest) ?? used;
      const problem = this.#complete(held, 0, size, size + rest);
      return problem ?? used;
    }
  }

  /** How many bytes of the held packet are needed to go on. */
  #need(): number | Problem {
    const held = this.#held as Buffer;
    const header = this.#header;
    const found = readHeader(held, 0, this.#length, header);
    if (found === false) return malformed('a length of more than four bytes');
    if (found === undefined) return this.#length + 1;
    const whole = header.size + header.rest;
    if (whole <= this.#max) return whole;
    const first = held[0] as number;
    if (first >> 4 !== publishType)
      return malformed(`a packet of type ${first >> 4} with ${header.rest} bytes`);
    const topicAt = header.size + 2;
    if (this.#length < topicAt) return topicAt;
    const idBytes = (first & 6) === 0 ? 0 : 2;
    return Math.min(whole, topicAt + held.readUInt16BE(header.size) + idBytes);
  }

  #room(bytes: number): void {
    const held = this.#held as Buffer;
    if (held.length >= bytes) return;
    const larger = Buffer.allocUnsafe(bytes);
    held.copy(larger, 0, 0, this.#length);
    this.#held = larger;
  }

  #refuse(held: Buffer, size: number, rest: number): Problem | undefined {
    const qos = ((held[0] as number) >> 1) & 3;
    const topicAt = size + 2;
    const topicEnd = topicAt + held.readUInt16BE(size);
    const bodyAt = topicEnd + (qos === 0 ? 0 : 2);
    if (qos === 3 || bodyAt > size + rest) return malformed('a PUBLISH that contradicts itself');
    const id = qos === 0 ? 0 : held.readUInt16BE(topicEnd);
    this.#skip = size + rest - bodyAt;
    this.#taker.tooLarge(held.toString('utf8', topicAt, topicEnd), size + rest, qos as 0 | 1 | 2, id);
    return undefined;
  }

  /** A whole packet from `at` to `end`; its fixed header has `size` bytes. */
  #complete(bytes: Buffer, at: number, size: number, end: number): Problem | undefined {
    const first = bytes[at] as number;
    if (first >> 4 !== publishType) {
      this.#taker.control(bytes.subarray(at, end));
      return undefined;
    }
    const qos = (first >> 1) & 3;
    const topicAt = at + size + 2;
    if (topicAt > end || qos === 3) return malformed('a PUBLISH that contradicts itself');
    const topicEnd = topicAt + (((bytes[topicAt - 2] as number) << 8) | (bytes[topicAt - 1] as number));
    const headEnd = topicEnd + (qos === 0 ? 0 : 2);
    const payloadAt = this.#version === 5 ? behindProperties(bytes, headEnd, end) : headEnd;
    if (payloadAt > end) return malformed('a PUBLISH that contradicts itself');
    const id = qos === 0 ? 0 : ((bytes[topicEnd] as number) << 8) | (bytes[topicEnd + 1] as number);
    if (qos !== 0 && id === 0) return malformed('a PUBLISH without an identifier');
    this.#taker.publish(
      bytes.toString('utf8', topicAt, topicEnd),
      bytes.subarray(payloadAt, end),
      qos as 0 | 1 | 2,
      id,
      (first & 1) === 1,
      (first & 8) === 8,
    );
    return undefined;
  }
}
