import type { MessageOf } from '#flows/message';

const escaped = (text: string) => text.replace(/[<>&"']/g, (char) => `&#${char.codePointAt(0)};`);

/** Channels with runs of zeroes counted. */
export function countedZeroes(values: readonly number[]): string {
  const words: number[] = [];
  let zeroes = 0;
  const flush = () => {
    if (zeroes > 0) words.push(0, zeroes);
    zeroes = 0;
  };
  for (const value of values) {
    if (value === 0) zeroes++;
    else {
      flush();
      words.push(value);
    }
  }
  flush();
  return words.join(' ');
}

/** One document of the 2011 generation with one measurement of each spectrum. */
export function documentOf(instrument: string, spectra: readonly MessageOf<'spectrum'>[]): string {
  const measurements = spectra.map((spectrum, i) => {
    const { axis } = spectrum;
    const linear = 'start' in axis ? `${axis.start} ${axis.step}` : '0 1';
    return [
      `<EnergyCalibration id="cal${i}"><CoefficientValues>${linear}</CoefficientValues></EnergyCalibration>`,
      `<RadMeasurement id="m${i}"><MeasurementClassCode>Foreground</MeasurementClassCode>`,
      `<StartDateTime>${spectrum.time ?? new Date(0).toISOString()}</StartDateTime>`,
      `<RealTimeDuration>PT${spectrum.liveTimeS ?? 1}S</RealTimeDuration>`,
      `<Spectrum id="s${i}" radDetectorInformationReference="${escaped(spectrum.channel ?? 'A1')}" energyCalibrationReference="cal${i}">`,
      `<LiveTimeDuration>PT${spectrum.liveTimeS ?? 1}S</LiveTimeDuration>`,
      `<ChannelData compressionCode="CountedZeroes">${countedZeroes(spectrum.values)}</ChannelData>`,
      '</Spectrum></RadMeasurement>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0"?>',
    '<RadInstrumentData xmlns="http://physics.nist.gov/N42/2011/N42">',
    `<RadInstrumentInformation id="i"><RadInstrumentManufacturerName>Simulated</RadInstrumentManufacturerName><RadInstrumentIdentifier>${escaped(instrument)}</RadInstrumentIdentifier></RadInstrumentInformation>`,
    ...measurements,
    '</RadInstrumentData>',
    '',
  ].join('\n');
}
