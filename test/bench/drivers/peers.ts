import ais from 'ais-stream-decoder';
import { ProtocolParser } from 'complete-teltonika-parser';
import ggencoder from 'ggencoder';
import GPS from 'gps';
import { convert } from 'jcampconverter';
import { parseNmeaSentence } from 'nmea-simple';

/** What a user of npm would take instead, called as its own page says. Each tells how much it has read. */
export type Peer = (pieces: readonly Uint8Array[]) => number | Promise<number>;

/** None of them takes bytes as they come: lines are cut for them. */
function* linesOf(pieces: readonly Uint8Array[]): Generator<string> {
  let rest = '';
  for (const piece of pieces) {
    const lines = (rest + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1')).split(
      '\r\n',
    );
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

export const nmeaPeers: Readonly<Record<string, Peer>> = {
  'nmea-simple'(pieces) {
    let read = 0;
    for (const line of linesOf(pieces)) if (parseNmeaSentence(line)) read++;
    return read;
  },
  gps(pieces) {
    const gps = new GPS();
    let read = 0;
    for (const line of linesOf(pieces)) if (gps.update(line)) read++;
    return read;
  },
};

export const aisPeers: Readonly<Record<string, Peer>> = {
  ggencoder(pieces) {
    const session = {};
    let read = 0;
    for (const line of linesOf(pieces)) if (new ggencoder.AisDecode(line, session).valid) read++;
    return read;
  },
  async 'ais-stream-decoder'(pieces) {
    const decoder = new ais.default();
    let read = 0;
    decoder.on('data', () => {
      read++;
    });
    for (const line of linesOf(pieces))
      if (!decoder.write(line)) await new Promise((resolve) => decoder.once('drain', resolve));
    decoder.end();
    await new Promise((resolve) => decoder.once('end', resolve));
    return read;
  },
};

/** Takes hexadecimal. */
export const teltonikaPeer: Peer = (packets) => {
  let read = 0;
  for (const packet of packets) {
    const { Quantity1 } = new ProtocolParser(
      Buffer.from(packet.buffer, packet.byteOffset, packet.length).toString('hex'),
    );
    read += Quantity1;
  }
  return read;
};

/** JCAMP-DX files. */
export const jcampPeer: Peer = (files) =>
  files.reduce((read, file) => read + convert(Buffer.from(file).toString('latin1')).flatten.length, 0);
