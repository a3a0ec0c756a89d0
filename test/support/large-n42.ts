import type { Codec } from '#drivers/driver';
import { n42Codec } from '#drivers/n42/codec';

/** One document of the 2011 generation with so many measurements of 1,024 channels, in pieces of one each. */
export function* largeN42(measurements: number): Generator<Buffer> {
  yield Buffer.from(
    '<?xml version="1.0"?><RadInstrumentData xmlns="http://physics.nist.gov/N42/2011/N42">' +
      '<EnergyCalibration id="e"><CoefficientValues>0 3 0</CoefficientValues></EnergyCalibration>',
  );
  const channels = Array.from({ length: 1024 }, (_, i) => (i * 7919) % 977);
  for (let i = 0; i < measurements; i++) {
    channels[0] = i % 977;
    yield Buffer.from(
      `<RadMeasurement id="m${i}"><MeasurementClassCode>Foreground</MeasurementClassCode>` +
        '<StartDateTime>2026-03-01T00:00:00Z</StartDateTime><RealTimeDuration>PT0.1S</RealTimeDuration>' +
        '<Spectrum id="s" radDetectorInformationReference="A1" energyCalibrationReference="e">' +
        `<LiveTimeDuration>PT0.1S</LiveTimeDuration><ChannelData>${channels.join(' ')}</ChannelData></Spectrum></RadMeasurement>`,
    );
  }
  yield Buffer.from('</RadInstrumentData>');
}

export interface Streamed {
  readonly bytes: number;
  readonly spectra: number;
  readonly problems: number;
  /** Most memory in use beyond that at the start, bytes. */
  readonly grownBytes: number;
}

/** Reads such a document as it comes, keeping nothing of it. */
export function streamN42(measurements: number): Streamed {
  const codec: Codec = n42Codec as Codec;
  const framer = codec.framer();
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let [bytes, spectra, problems, most, piece] = [0, 0, 0, before, 0];
  const take = (framed: ReturnType<typeof framer.push>) => {
    for (const item of framed) {
      const decoded = 'frame' in item ? codec.decode(item.frame) : item;
      if ('problem' in decoded) problems++;
      else spectra += decoded.parts.length;
    }
  };
  for (const bytesOf of largeN42(measurements)) {
    bytes += bytesOf.length;
    take(framer.push(bytesOf));
    if (++piece % 200 === 0) most = Math.max(most, used());
  }
  take(framer.end());
  return { bytes, spectra, problems, grownBytes: most - before };
}
