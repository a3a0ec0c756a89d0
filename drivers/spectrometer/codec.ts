import type { Problem } from '#flows/fault';
import type { MessageOf } from '#flows/message';
import type { Codec } from '../driver.ts';
import { readAsd } from './asd.ts';
import { readCsv } from './csv.ts';
import { spectrumFramer } from './frame.ts';
import { readFramed } from './framed.ts';
import { readJcamp } from './jcamp/jcamp.ts';
import { readSpc } from './spc.ts';
import type { Format, Found, Read, Technique, Whole } from './spectrum.ts';

type SpectrumMessage = MessageOf<'spectrum'>;

const readers: Readonly<Record<Format, (bytes: Uint8Array) => Read>> = {
  jcamp: readJcamp,
  spc: readSpc,
  asd: readAsd,
  csv: readCsv,
  framed: readFramed,
};

export interface SpectrometerCodecOptions {
  readonly format?: Format;
  readonly technique?: Technique;
  readonly maxSpectrumBytes: number;
  readonly path?: string;
  readonly connect?: string;
}

const isProblem = (read: Read): read is Problem => 'code' in read;

/** Every spectrum of a file or frame as a message; the config's technique stands above what the form tells. */
export function spectrometerCodec(
  options: SpectrometerCodecOptions,
): Codec<Whole, SpectrumMessage, undefined> {
  const { format, technique, maxSpectrumBytes: maxBytes } = options;
  const file = options.path === undefined && options.connect === undefined;
  const message = (found: Found): SpectrumMessage => ({
    kind: 'spectrum',
    ...(found.device === undefined ? {} : { device: found.device }),
    ...(found.time === undefined ? {} : { time: found.time }),
    quality: 'good',
    technique: technique ?? found.technique ?? 'nir',
    axis: found.axis,
    values: [...found.values],
    ...(found.liveTimeS === undefined ? {} : { liveTimeS: found.liveTimeS }),
    ...(found.channel === undefined ? {} : { channel: found.channel }),
    attributes: found.attributes,
  });
  return {
    maxFrameBytes: maxBytes,
    framer: () => spectrumFramer({ ...(format === undefined ? {} : { format }), maxBytes, file }),
    decode(whole) {
      const read = readers[whole.format](whole.bytes);
      return isProblem(read) ? { problem: read } : { parts: read.map(message) };
    },
    initial: () => undefined,
    assemble: (state, part) => [state, [part]],
    expire: (state) => [state, [], []],
    deadline: () => undefined,
  };
}
