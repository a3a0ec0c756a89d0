import { sentencesOf as aisSentences, reportOf, voyageOf } from '#drivers/ais/encode';
import { locationBody, packetFrom } from '#drivers/jt808/encode';
import { sentencesOf as nmeaSentences } from '#drivers/nmea/encode';
import { recordsPacket } from '#drivers/teltonika/encode';
import type { Position } from '#flows/message';

/** Made by the drivers' own encoders: the same traffic in each run, of many devices that drive about. */
const position = (turn: number): Position => ({
  kind: 'position',
  device: `2440${String(10_000 + (turn % 500)).padStart(5, '0')}`,
  time: new Date(Date.UTC(2026, 2, 1) + turn * 1000).toISOString(),
  quality: 'good',
  lon: 4 + Math.sin(turn / 97) * 0.2,
  lat: 51.9 + Math.cos(turn / 61) * 0.1,
  speedKph: (turn * 7) % 90,
  courseDeg: (turn * 13) % 360,
  altitudeM: turn % 50,
  hdop: 0.9,
  satellites: 9,
  fix: true,
  attributes: {},
});

const positions = (count: number) => Array.from({ length: count }, (_, turn) => position(turn));

/** Bytes as a line brings them, in pieces. */
export interface Stream {
  readonly pieces: readonly Uint8Array[];
  /** Sentences, reports or records in it: what is counted. */
  readonly count: number;
}

const pieceBytes = 16_384;

function pieces(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) out.push(bytes.subarray(at, at + pieceBytes));
  return out;
}

/** GGA and RMC of a receiver, once a second. */
export function nmeaStream(count: number): Stream {
  const sentences = positions(count / 2).flatMap(nmeaSentences);
  return { pieces: pieces(Buffer.from(sentences.join(''), 'latin1')), count: sentences.length };
}

/** What a shore station hears: reports of ships, and after every 20 of them one of who a ship is, in two sentences. */
export function aisStream(count: number): Stream {
  const sentences = positions(count).flatMap((one, turn) => {
    const report = aisSentences(reportOf(one), turn);
    if (turn % 20 !== 0) return report;
    const name = {
      kind: 'identity' as const,
      device: one.device ?? '',
      name: 'SIMULATED',
      quality: 'good' as const,
      attributes: {},
    };
    return [...aisSentences(voyageOf(name), turn / 20), ...report];
  });
  return { pieces: pieces(Buffer.from(sentences.join(''), 'latin1')), count: sentences.length };
}

/** Location reports (0x0200) of terminals of 2013. */
export function jt808Stream(count: number): Stream {
  const packets = positions(count).map((one, turn) =>
    packetFrom(
      { phone: `0138${String(turn % 500).padStart(8, '0')}`, is2019: false },
      0x0200,
      turn & 0xffff,
      locationBody(one),
    ),
  );
  return { pieces: pieces(Buffer.concat(packets)), count };
}

/** Packets of 25 records in codec 8. */
export function teltonikaPackets(count: number): Uint8Array[] {
  const all = positions(count);
  return Array.from({ length: count / 25 }, (_, i) => recordsPacket(all.slice(i * 25, i * 25 + 25)));
}

/** A near-infrared spectrum as JCAMP-DX, uncompressed, ten ordinates a line. */
export function jcampText(points: number): string {
  const lines = Array.from({ length: points / 10 }, (_, line) => {
    const ordinates = Array.from({ length: 10 }, (_, i) =>
      Math.round(5000 + 3000 * Math.sin((line * 10 + i) / 50)),
    );
    return `${1000 + line * 10} ${ordinates.join(' ')}`;
  });
  return [
    '##TITLE=simulated',
    '##JCAMP-DX=4.24',
    '##DATA TYPE=INFRARED SPECTRUM',
    '##XUNITS=NANOMETERS',
    '##YUNITS=REFLECTANCE',
    '##XFACTOR=1',
    '##YFACTOR=0.0001',
    '##FIRSTX=1000',
    `##LASTX=${1000 + points - 1}`,
    `##NPOINTS=${points}`,
    '##FIRSTY=0.5',
    '##XYDATA=(X++(Y..Y))',
    ...lines,
    '##END=',
    '',
  ].join('\n');
}
