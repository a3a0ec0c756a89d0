import type { Message, MessageOf } from '#flows/message';
import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { axisOf } from './axis.ts';
import type { Measured } from './document.ts';
import { channelsOf, kphOf, numbersOf, secondsOf, utcOf } from './numbers.ts';

/** One spectrum, or counts that have no spectrum (neutrons), as a message. */
export function decodeMeasured(measured: Measured): Decoded<Message> {
  return measured.what === 'spectrum' ? spectrum(measured) : counts(measured);
}

function attributesOf(measured: Measured): Record<string, unknown> {
  const { instrument, speed, occupied, start } = measured;
  const time = utcOf(start);
  const fields = {
    source: measured.source,
    sample: measured.sample === undefined ? undefined : Number(measured.sample),
    measurement: measured.measurement,
    detectorType: measured.detectorType,
    occupied: occupied === undefined ? undefined : /^(?:1|true)$/i.test(occupied),
    speedKph: speed && kphOf(speed.value, speed.unit),
    lane: instrument.lane,
    location: instrument.location,
    manufacturer: instrument.manufacturer,
    model: instrument.model,
    instrumentType: instrument.type,
    realTimeS: secondsOf(measured.realTime),
    localTime: time === undefined ? start : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  );
}

const commonOf = (measured: Measured) => {
  const time = utcOf(measured.start);
  const { id } = measured.instrument;
  return { ...(id ? { device: id } : {}), ...(time === undefined ? {} : { time }) };
};

function spectrum(measured: Measured): Decoded<Message> {
  const values = channelsOf(measured.values, measured.compression);
  if (!Array.isArray(values)) return { problem: values };
  const liveTimeS = secondsOf(measured.liveTime);
  if (measured.liveTime !== undefined && liveTimeS === undefined)
    return {
      problem: faults.problem('n42.field', { field: 'live time', value: measured.liveTime.slice(0, 40) }),
    };
  const { axis, coefficientsKev, calibrated } = axisOf(measured.calibration, values.length);
  const attributes = attributesOf(measured);
  if (coefficientsKev) attributes.energyCoefficientsKev = coefficientsKev;
  const { realTimeS } = attributes;
  // A detector cannot have been alive for longer than the clock ran.
  const impossible =
    typeof realTimeS === 'number' && liveTimeS !== undefined && liveTimeS > realTimeS * 1.001;
  const doubtful = impossible || !calibrated || /suspect|bad/i.test(measured.quality ?? '');
  const message: MessageOf<'spectrum'> = {
    kind: 'spectrum',
    ...commonOf(measured),
    technique: 'gamma',
    axis,
    values,
    ...(liveTimeS === undefined ? {} : { liveTimeS }),
    ...(measured.detector === undefined ? {} : { channel: measured.detector }),
    quality: doubtful ? 'suspect' : 'good',
    attributes,
  };
  return { parts: [message] };
}

function counts(measured: Measured): Decoded<Message> {
  const numbers = numbersOf(measured.values);
  if (!numbers || numbers.length === 0 || numbers.some((count) => count < 0))
    return { problem: faults.problem('n42.field', { field: 'count', value: measured.values.slice(0, 40) }) };
  const type = measured.detectorType?.toLowerCase() ?? '';
  const message: MessageOf<'reading'> = {
    kind: 'reading',
    ...commonOf(measured),
    name: type.includes('neutron') || /he3|li|bf3/.test(type) ? 'neutronCounts' : 'grossCounts',
    value: numbers.reduce((sum, count) => sum + count, 0),
    unit: '{counts}',
    quality: 'good',
    attributes: {
      ...attributesOf(measured),
      ...(measured.detector === undefined ? {} : { detector: measured.detector }),
      ...(secondsOf(measured.liveTime) === undefined ? {} : { liveTimeS: secondsOf(measured.liveTime) }),
    },
  };
  return { parts: [message] };
}
