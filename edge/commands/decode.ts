import { parseArgs } from 'node:util';
import type { Codec, Framed } from '#drivers/driver';
import { faults } from '#drivers/faults';
import { identify, type Stamp } from '#drivers/stamp';
import { PlainScans } from '#drivers/transport/plain-scans';
import type { Message } from '#flows/message';
import { type Command, type CommandIo, write } from './command.ts';
import { Complaints } from './complaints.ts';
import { chooseDriver, codecOf } from './driver-args.ts';
import { lineEnd, lines } from './lines.ts';
import { parseCall } from './parse-call.ts';

/** Bytes that are pushed at once: a problem is told to this precision where the input has no lines. */
const sliceBytes = 64;
/** Output is written in pieces of about this size. */
const pieceChars = 64 * 1024;

class Decoding {
  readonly #codec: Codec;
  readonly #stamp: Stamp;
  readonly #complaints: Complaints;
  #state: unknown;
  #text = '';

  constructor(codec: Codec, stamp: Stamp, complaints: Complaints) {
    this.#codec = codec;
    this.#stamp = stamp;
    this.#complaints = complaints;
    this.#state = codec.initial();
  }

  get pending(): number {
    return this.#text.length;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  frames(framed: readonly Framed<unknown>[], place: string): void {
    for (const item of framed) {
      const decoded = 'problem' in item ? item : this.#decode(item.frame);
      if ('problem' in decoded) {
        this.#complaints.add(place, decoded.problem);
        continue;
      }
      for (const part of decoded.parts) {
        // No clock: what belongs together is told by the bytes alone, so the same bytes give the same messages.
        const [state, messages] = this.#codec.assemble(this.#state, part, 0);
        this.#state = state;
        this.#add(messages);
      }
    }
  }

  end(): void {
    const [state, messages, problems] = this.#codec.expire(this.#state, Number.POSITIVE_INFINITY);
    this.#state = state;
    this.#add(messages);
    for (const problem of problems) this.#complaints.add('end', problem);
  }

  #decode(frame: unknown) {
    try {
      return this.#codec.decode(frame);
    } catch (error) {
      return {
        problem: faults.problem('driver.threw', { detail: error instanceof Error ? error.message : '?' }),
      };
    }
  }

  #add(messages: readonly Message[]): void {
    for (const message of messages) this.#text += `${JSON.stringify(identify(this.#stamp, message))}\n`;
  }
}

/** Lines of hexadecimal, each a frame. */
async function decodeHex(
  decoding: Decoding,
  fromHex: NonNullable<Codec['fromHex']>,
  io: CommandIo,
  complaints: Complaints,
) {
  let number = 0;
  for await (const line of lines(io.stdin, io.signal)) {
    number++;
    const hex = line.toString('latin1').replace(/\s+/g, '');
    if (hex === '') continue;
    if (hex.length % 2 === 1 || !/^[0-9a-fA-F]*$/.test(hex)) {
      complaints.add(`line ${number}`, faults.problem('hex.syntax'));
      continue;
    }
    decoding.frames(fromHex(Buffer.from(hex, 'hex')), `line ${number}`);
    if (decoding.pending > pieceChars) await write(io.stdout, decoding.take());
  }
}

/** A line of hexadecimal where a frame is a line of text, or a file: its bytes, to their end. */
const lineOf =
  (codec: Codec): NonNullable<Codec['fromHex']> =>
  (bytes) => {
    const framer = codec.framer();
    // A line of text is whole with its end, which a line of hexadecimal may leave out.
    const framed = framer.push(bytes);
    if (bytes.at(-1) !== 0x0a) framed.push(...framer.push(Buffer.from('\r\n')));
    return [...framed, ...framer.end()];
  };

/** Bytes as they are; a problem is told by line where frames are lines, else by byte. */
async function decodeBytes(decoding: Decoding, codec: Codec, io: CommandIo) {
  const framer = codec.framer();
  const byLine = codec.fromHex === undefined;
  let offset = 0;
  let line = 1;
  for await (const chunk of io.stdin as AsyncIterable<Buffer>) {
    if (io.signal.aborted) break;
    for (let at = 0; at < chunk.length; ) {
      const end = byLine ? lineEnd(chunk, at) : Math.min(at + sliceBytes, chunk.length);
      const piece = chunk.subarray(at, end);
      decoding.frames(framer.push(piece), byLine ? `line ${line}` : `byte ${offset + at}`);
      if (piece.at(-1) === 0x0a) line++;
      at = end;
      if (decoding.pending > pieceChars) await write(io.stdout, decoding.take());
    }
    offset += chunk.length;
    if (!io.stdout.writable) return;
  }
  decoding.frames(framer.end(), byLine ? `line ${line}` : `byte ${offset}`);
}

export const command: Command = {
  name: 'decode',
  summary: "A device's bytes on standard input to messages, a line each, on standard output.",
  usage: 'decode DRIVER [--hex] [--device ID] [--config JSON] [--scans FOLDER]',
  async run(args, io) {
    const { values, positionals } = parseCall(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: {
          hex: { type: 'boolean' },
          device: { type: 'string' },
          config: { type: 'string' },
          // Pixels of a scanner, a file of 16-bit samples each; without it they are hashed and forgotten.
          scans: { type: 'string' },
        },
      }),
    );
    const chosen = await chooseDriver(positionals[0], values, true);
    const codec = codecOf(chosen, values.scans === undefined ? undefined : new PlainScans(values.scans));
    const complaints = new Complaints(io.stderr);
    const { device, datum } = chosen.config as Stamp;
    const decoding = new Decoding(codec, { device, datum }, complaints);
    if (values.hex) await decodeHex(decoding, codec.fromHex?.bind(codec) ?? lineOf(codec), io, complaints);
    else await decodeBytes(decoding, codec, io);
    decoding.end();
    await write(io.stdout, decoding.take());
    complaints.end();
    return complaints.count > 0 ? 1 : 0;
  },
};
