import type { LineRequest } from '../line-poller.ts';

/** A question and what was answered. */
export interface Exchange {
  /** What was asked for: `tubeRate`. */
  readonly asked: string;
  /** What stood after `OK`. */
  readonly answer: string;
}

/** Decimal places are the protocol's own: a number that was cut short has others. */
const whole = /^\d{1,10}$/;
const thousandths = /^\d{1,9}\.\d{3}$/;

/** Forms of the answers that are read. From the protocol's description (docs/comm.md of Rad Pro). */
export const forms = {
  deviceId: /^([^;]+);([^;]+);([^;\s]+)$/,
  deviceTime: whole,
  tubeSensitivity: thousandths,
  tubeRate: thousandths,
  tubePulseCount: whole,
  deviceBatteryVoltage: thousandths,
} as const;
export type Asked = keyof typeof forms;

export const isAsked = (name: string): name is Asked => Object.hasOwn(forms, name);

/** The answer in a line that begins with OK. */
export const answerOf = (line: string): string | undefined =>
  line === 'OK' ? '' : line.startsWith('OK ') ? line.slice(3) : undefined;

export const requestFor = (asked: Asked): LineRequest => ({
  request: `GET ${asked}`,
  accepts: (line) => forms[asked].test(answerOf(line) ?? ''),
});

/** A round: the clock first, then what is measured. */
export const round: readonly LineRequest[] = (
  ['deviceTime', 'tubeSensitivity', 'tubeRate', 'tubePulseCount', 'deviceBatteryVoltage'] as const
).map(requestFor);
