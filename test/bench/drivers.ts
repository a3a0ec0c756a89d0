import { aisCodec } from '#drivers/ais/codec';
import type { Codec } from '#drivers/driver';
import { jt808Codec } from '#drivers/jt808/codec';
import { nmeaCodec } from '#drivers/nmea/codec';
import { readJcamp } from '#drivers/spectrometer/jcamp/jcamp';
import { teltonikaCodec } from '#drivers/teltonika/codec';
import type { Bench, Row } from './bench.ts';
import {
  aisStream,
  jcampText,
  jt808Stream,
  nmeaStream,
  type Stream,
  teltonikaPackets,
} from './drivers/inputs.ts';
import { decodeWhole } from './drivers/ours.ts';
import { aisPeers, jcampPeer, nmeaPeers, type Peer, teltonikaPeer } from './drivers/peers.ts';
import { alternate } from './drivers/rounds.ts';
import { terminals } from './drivers/terminals.ts';

const rounds = 7;
/** Location reports a second and core that are asked for. */
const jt808Reference = 1_000_000;

type Report = (row: Row) => void;

/** Ours beside the fastest of its peers on the same bytes. */
async function beside(
  name: string,
  unit: string,
  codec: Codec,
  { pieces, count }: Stream,
  peers: Readonly<Record<string, Peer>>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const sides = [
    { name: 'ours', run: () => decodeWhole(codec, pieces) },
    ...Object.entries(peers).map(([peer, run]) => ({ name: peer, run: () => run(pieces) })),
  ];
  const { figures, ratio } = await alternate(sides, count, rounds, signal);
  const rates = Object.fromEntries(figures.map((figure) => [figure.name, figure.perSecond]));
  const [fastest] = figures
    .filter((figure) => figure.name !== 'ours')
    .sort((a, b) => b.perSecond - a.perSecond);
  if (!fastest) throw new Error('there is no peer');
  report({
    name,
    value: rates.ours as number,
    unit,
    reference: fastest.perSecond,
    ratio: ratio('ours', fastest.name),
    detail: { fastestPeer: fastest.name, rates, count, rounds },
  });
}

async function jt808(report: Report, signal: AbortSignal): Promise<void> {
  const { pieces, count } = jt808Stream(100_000);
  const side = { name: 'ours', run: () => decodeWhole(jt808Codec(), pieces) };
  const { figures } = await alternate([side], count, rounds, signal);
  const value = figures[0]?.perSecond ?? Number.NaN;
  report({
    name: 'drivers.jt808',
    value,
    unit: 'locations/s',
    reference: jt808Reference,
    ratio: value / jt808Reference,
    detail: { count, rounds },
  });
}

/** Whole files to spectra. */
async function jcamp(files: readonly Uint8Array[], report: Report, signal: AbortSignal): Promise<void> {
  const ours = () =>
    files.reduce((read, file) => {
      const found = readJcamp(file);
      if ('code' in found) throw new Error(found.message);
      return read + found.length;
    }, 0);
  const sides = [
    { name: 'ours', run: ours },
    { name: 'jcampconverter', run: () => jcampPeer(files) },
  ];
  const { figures, ratio } = await alternate(sides, files.length, rounds, signal);
  const [mine, peer] = figures;
  report({
    name: 'info.drivers.jcamp',
    value: mine?.perSecond ?? Number.NaN,
    unit: 'spectra/s',
    reference: peer?.perSecond ?? Number.NaN,
    ratio: ratio('ours', 'jcampconverter'),
    detail: { points: 2000, rounds },
  });
}

export const bench: Bench = {
  name: 'drivers',
  summary: 'Decode rates for a second of one core beside npm decoders; 2,000 JT/T 808 terminals on one box.',
  async run(report, log, signal) {
    log('NMEA 0183 and AIS beside npm decoders');
    await beside('drivers.nmea', 'sentences/s', nmeaCodec, nmeaStream(40_000), nmeaPeers, report, signal);
    await beside('drivers.ais', 'sentences/s', aisCodec, aisStream(20_000), aisPeers, report, signal);
    log('JT/T 808');
    await jt808(report, signal);
    const packets = teltonikaPackets(10_000);
    const teltonika = { pieces: packets, count: 10_000 };
    const peers = { 'complete-teltonika-parser': teltonikaPeer };
    await beside('info.drivers.teltonika', 'records/s', teltonikaCodec(), teltonika, peers, report, signal);
    const file = Buffer.from(jcampText(2000), 'latin1');
    const files = Array.from({ length: 100 }, () => file);
    await jcamp(files, report, signal);
    await terminals(report, log, signal);
  },
};
