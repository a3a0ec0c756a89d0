import { parseArgs } from 'node:util';
import type { Codec, Framer } from '#drivers/driver';
import { faults } from '#drivers/faults';
import type { Stamp } from '#drivers/stamp';
import { PlainScans } from '#drivers/transport/plain-scans';
import { type Command, type CommandIo, UsageError, write } from './command.ts';
import { Complaints } from './complaints.ts';
import { Decoding } from './decoding.ts';
import { chooseDriver, codecOf } from './driver-args.ts';
import { lineEnd, lines } from './lines.ts';
import { parseCall } from './parse-call.ts';
import { type Recording, readRecording } from './recording.ts';
import { withTopic } from './replayed.ts';

/** Bytes that are pushed at once: a problem is told to this precision where the input has no lines. */
const sliceBytes = 64;
/** Output is written in pieces of about this size. */
const pieceChars = 64 * 1024;

/** The digits of a line as people and tools write them: in pieces or not, with `0x` or not, behind a mark of UTF-8. */
const hexOf = (line: Buffer): string =>
  line
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/[\s,:]+/)
    .map((piece) => piece.replace(/^0x/i, ''))
    .join('');

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
    const hex = hexOf(line);
    if (hex === '') continue;
    if (hex.length % 2 === 1 || !/^[0-9a-fA-F]*$/.test(hex)) {
      complaints.add(`line ${number}`, faults.problem('hex.syntax'));
      continue;
    }
    decoding.frames(fromHex(Buffer.from(hex, 'hex')), `line ${number}`);
    if (decoding.pending > pieceChars) await write(io.stdout, decoding.take());
  }
}

/** Lines of hexadecimal where a frame is a line of text, or a file: their bytes, to their end. */
function linesOf(codec: Codec): NonNullable<Codec['fromHex']> {
  const shared = codec.pairsLines ? codec.framer() : undefined;
  return (bytes) => {
    const framer = shared ?? codec.framer();
    // A line of text is whole with its end, which a line of hexadecimal may leave out.
    const framed = framer.push(bytes);
    if (bytes.at(-1) !== 0x0a) framed.push(...framer.push(Buffer.from('\r\n')));
    return shared ? framed : [...framed, ...framer.end()];
  };
}

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

/** A recording: connections and files each by themselves, and a datagram at a time. */
async function decodeRecording(
  { items, config }: Recording,
  open: () => { readonly codec: Codec; readonly decoding: Decoding },
  io: CommandIo,
) {
  const strands = new Map<string, { readonly decoding: Decoding; readonly framer: Framer<unknown> }>();
  const isDatagrams = config.udp !== undefined;
  let line = 1;
  const end = async ({ decoding, framer }: { decoding: Decoding; framer: Framer<unknown> }) => {
    decoding.frames(framer.end(), `line ${line}`);
    decoding.end();
    await write(io.stdout, decoding.take());
  };
  for await (const { bytes, origin } of items) {
    line++;
    if (origin.sideCar) continue;
    const name = origin.link ?? origin.file ?? '';
    let strand = strands.get(name);
    if (!strand) {
      const { codec, decoding } = open();
      strand = { decoding, framer: codec.framer() };
      strands.set(name, strand);
    }
    const { decoding, framer } = strand;
    decoding.frames(framer.push(withTopic({ bytes, origin })), `line ${line}`);
    if (origin.topic !== undefined) decoding.frames(framer.push(Buffer.from('\n')), `line ${line}`);
    if (isDatagrams) decoding.frames(framer.end(), `line ${line}`);
    await write(io.stdout, decoding.take());
    if (!origin.last) continue;
    await end(strand);
    strands.delete(name);
  }
  for (const strand of strands.values()) await end(strand);
}

export const command: Command = {
  name: 'decode',
  summary: "A device's bytes on standard input to messages, a line each, on standard output.",
  usage: 'decode DRIVER [--hex|--recording] [--device ID] [--config JSON] [--scans FOLDER]',
  async run(args, io) {
    const { values, positionals } = parseCall(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: {
          hex: { type: 'boolean' },
          recording: { type: 'boolean' },
          device: { type: 'string' },
          config: { type: 'string' },
          // Pixels of a scanner, a file of 16-bit samples each; without it they are hashed and forgotten.
          scans: { type: 'string' },
        },
      }),
    );
    if (values.hex && values.recording) throw new UsageError('Give either --hex or --recording.');
    const recording = values.recording ? await readRecording(io.stdin, io.signal) : undefined;
    if (recording && recording.driver !== positionals[0])
      throw new UsageError(`It was recorded with the driver ${recording.driver}.`);
    const given = values.config ?? (recording ? JSON.stringify(recording.config) : undefined);
    const chosen = await chooseDriver(positionals[0], { config: given, device: values.device }, true);
    const scans = values.scans === undefined ? undefined : new PlainScans(values.scans);
    const complaints = new Complaints(io.stderr);
    const { device, datum } = chosen.config as Stamp;
    const open = () => {
      const codec = codecOf(chosen, scans);
      return { codec, decoding: new Decoding(codec, { device, datum }, complaints) };
    };
    if (recording) await decodeRecording(recording, open, io);
    else {
      const { codec, decoding } = open();
      if (values.hex) await decodeHex(decoding, codec.fromHex?.bind(codec) ?? linesOf(codec), io, complaints);
      else await decodeBytes(decoding, codec, io);
      decoding.end();
      await write(io.stdout, decoding.take());
    }
    complaints.end();
    return complaints.count > 0 ? 1 : 0;
  },
};
