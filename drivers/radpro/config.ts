import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { lineFields } from '../line-fields.ts';
import { parseAddress } from '../transport/link.ts';

const { path, baudRate, connect } = lineFields(115_200);

export const RadproConfig = Type.Object(
  {
    path,
    baudRate,
    connect,
    ...deviceFields,
    pollSeconds: Type.Number({
      description: 'Time between two rounds of questions, seconds.',
      default: 1,
      minimum: 0.1,
      maximum: 3600,
    }),
    answerSeconds: Type.Number({
      description:
        'An answer that takes longer is given up, and three times as long is waited before the next question, seconds.',
      default: 0.4,
      minimum: 0.05,
      maximum: 30,
    }),
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the meter counts as stale, seconds.',
      default: 10,
      minimum: 1,
      maximum: 86_400,
    }),
  },
  {
    description: 'A handheld dose meter that speaks the open serial protocol of Rad Pro.',
    additionalProperties: false,
  },
);
export type RadproConfig = Static<typeof RadproConfig>;

/** What is known of the driver without its code. */
export const radproAbout = {
  type: 'radpro',
  summary:
    'Dose rate, count rate, pulses and battery of a handheld dose meter with Rad Pro software, over a serial line or a serial server.',
  emits: ['reading', 'identity'],
  config: RadproConfig,
  repeats: false,
  pausable: true,
  check(config: Record<string, unknown>) {
    const { path, connect } = config;
    if ((path === undefined) === (connect === undefined))
      return [{ path: 'path', message: 'give one of path and connect' }];
    if (typeof connect === 'string' && !parseAddress(connect))
      return [{ path: 'connect', message: `${connect} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
