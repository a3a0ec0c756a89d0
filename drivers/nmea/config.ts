import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { parseAddress } from '../transport/link.ts';

export const NmeaConfig = Type.Object(
  {
    path: Type.Optional(Type.String({ description: 'Serial line, such as /dev/serial/by-id/usb-….' })),
    baudRate: Type.Integer({
      description: 'Baud rate of the serial line.',
      default: 4800,
      minimum: 50,
      maximum: 4_000_000,
    }),
    connect: Type.Optional(
      Type.String({
        description: 'A receiver or serial server on the network instead of `path`, host:port.',
      }),
    ),
    ...deviceFields,
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the receiver counts as stale, seconds.',
      default: 10,
      minimum: 1,
      maximum: 86_400,
    }),
  },
  { description: 'A GNSS receiver that speaks NMEA 0183.', additionalProperties: false },
);
export type NmeaConfig = Static<typeof NmeaConfig>;

/** What is known of the driver without its code. */
export const nmeaAbout = {
  type: 'nmea',
  summary: 'Positions from a GNSS receiver that speaks NMEA 0183 over a serial line or TCP.',
  emits: ['position'],
  config: NmeaConfig,
  repeats: false,
  pausable: true,
  check(config: Record<string, unknown>) {
    const { path, connect } = config;
    if ((path === undefined) === (connect === undefined))
      return [{ path: connect === undefined ? 'path' : 'connect', message: 'give either path or connect' }];
    if (typeof connect === 'string' && !parseAddress(connect))
      return [{ path: 'connect', message: `${connect} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
