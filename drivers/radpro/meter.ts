import type { Message, MessageOf } from '#flows/message';
import type { Asked } from './exchange.ts';

/** What one answer says. */
export interface Said {
  readonly asked: Asked;
  /** Of an identification: hardware, software, id. */
  readonly fields: readonly string[];
  readonly value: number;
}

/** What is known of the meter from its answers so far. */
export interface Meter {
  device: string | undefined;
  /** Its clock, seconds since 1970, and since when it stands, ms of the monotonic clock. */
  timeS: number | undefined;
  standsSinceMs: number;
  /** Counts a minute for a microsievert an hour. */
  sensitivity: number | undefined;
  ratePerMin: number;
  pulses: number | undefined;
  /** When the pulses were last told, by the meter's clock, and the pulses to be expected since they last moved. */
  pulsesAtS: number | undefined;
  expected: number;
  frozen: boolean;
}

export const newMeter = (): Meter => ({
  device: undefined,
  timeS: undefined,
  standsSinceMs: 0,
  sensitivity: undefined,
  ratePerMin: 0,
  pulses: undefined,
  pulsesAtS: undefined,
  expected: 0,
  frozen: false,
});

/** Thirty pulses due and none come: chance does that once in ten million million. */
const expectedLimit = 30;
/** A clock that was set must not look like a long wait. */
const maxStepS = 10;
/** A clock of whole seconds that has not moved for so long stands. */
const standsLimitMs = 5000;

type Reading = MessageOf<'reading'>;

function reading(meter: Meter, name: string, value: number, unit: string, more: object = {}): Reading {
  const { device, timeS } = meter;
  return {
    kind: 'reading',
    ...(device === undefined ? {} : { device }),
    ...(timeS === undefined ? {} : { time: new Date(timeS * 1000).toISOString() }),
    quality: meter.frozen ? 'suspect' : 'good',
    name,
    value,
    unit,
    attributes: meter.frozen ? { frozen: true, ...more } : { ...more },
  };
}

function identified(meter: Meter, fields: readonly string[]): Message[] {
  const [hardware = '', software = '', device = ''] = fields;
  if (meter.device === device) return [];
  Object.assign(meter, newMeter(), { device });
  return [{ kind: 'identity', device, quality: 'good', type: hardware, attributes: { software } }];
}

function ticked(meter: Meter, timeS: number, nowMs: number): void {
  if (timeS === meter.timeS) {
    if (nowMs - meter.standsSinceMs > standsLimitMs) meter.frozen = true;
    return;
  }
  meter.timeS = timeS;
  meter.standsSinceMs = nowMs;
}

function counted(meter: Meter, pulses: number): Reading {
  const before = meter.pulses;
  const stepS = Math.min(Math.max((meter.timeS ?? 0) - (meter.pulsesAtS ?? 0), 0), maxStepS);
  if (pulses === before) {
    meter.expected += (meter.ratePerMin / 60) * stepS;
    if (meter.expected > expectedLimit) meter.frozen = true;
  } else {
    meter.expected = 0;
    meter.frozen = false;
  }
  meter.pulses = pulses;
  meter.pulsesAtS = meter.timeS;
  const out = reading(meter, 'pulseCount', pulses, '{counts}');
  if (before === undefined || pulses >= before) return out;
  // It goes over at 2^32, and can be set.
  return { ...out, quality: 'suspect', attributes: { ...out.attributes, reset: true } };
}

/** The readings that an answer makes. Changes the meter in place. */
export function said(meter: Meter, { asked, fields, value }: Said, nowMs: number): Message[] {
  switch (asked) {
    case 'deviceId':
      return identified(meter, fields);
    case 'deviceTime':
      ticked(meter, value, nowMs);
      return [];
    case 'tubeSensitivity':
      meter.sensitivity = value;
      return [];
    case 'tubeRate': {
      meter.ratePerMin = value;
      const { sensitivity } = meter;
      const rate = reading(meter, 'countRate', value, '{counts}/min');
      if (!sensitivity) return [rate];
      const doseRate = Math.round((value / sensitivity) * 1e6) / 1e6;
      return [rate, reading(meter, 'doseRate', doseRate, 'uSv/h', { sensitivity })];
    }
    case 'tubePulseCount':
      return [counted(meter, value)];
    case 'deviceBatteryVoltage':
      return [reading(meter, 'batteryVoltage', value, 'V')];
  }
}
