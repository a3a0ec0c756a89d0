import { type Static, Type } from 'typebox';
import { callInFields } from '../call-in-fields.ts';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { textCommand } from '../text-command.ts';
import { parseAddress } from '../transport/link.ts';

export const Gt06Config = Type.Object(
  {
    ...callInFields('5023'),
    utcOffsetMinutes: Type.Optional(
      Type.Integer({
        description:
          'Offset of the terminals’ times from UTC, minutes; absent: what a terminal says at its login, else 0.',
        minimum: -840,
        maximum: 840,
      }),
    ),
    ...deviceFields,
  },
  { description: 'Vehicle trackers of the GT06 family that call in.', additionalProperties: false },
);
export type Gt06Config = Static<typeof Gt06Config>;

/** What is known of the driver without its code. */
export const gt06About = {
  type: 'gt06',
  summary:
    'Positions and alarms from trackers of the GT06 (Concox) family that call in over TCP; the fields are as public decoders read them, without a claim of conformance.',
  emits: ['position'],
  config: Gt06Config,
  // Only logins, heartbeats and alarms are answered: a location that was lost does not come again.
  repeats: false,
  pausable: true,
  commands: [textCommand],
  check(config: Record<string, unknown>) {
    const { listen } = config;
    if (typeof listen === 'string' && !parseAddress(listen))
      return [{ path: 'listen', message: `${listen} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
