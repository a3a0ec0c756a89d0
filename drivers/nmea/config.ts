import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { checkLine, lineFields } from '../line-fields.ts';

export const NmeaConfig = Type.Object(
  {
    ...lineFields(4800),
    ...deviceFields,
    contacts: Type.Boolean({
      description:
        'Targets that a radar follows (TLL, and TTM with `radar`) become positions too, with `attributes.contact` and `attributes.target`.',
      default: false,
    }),
    radar: Type.Optional(
      Type.Object(
        {
          lon: Type.Number({ description: 'Longitude, degrees east.', minimum: -180, maximum: 180 }),
          lat: Type.Number({ description: 'Latitude, degrees north.', minimum: -90, maximum: 90 }),
          headingDeg: Type.Optional(
            Type.Number({
              description:
                'Where its relative bearings count from, degrees from true north; absent: they are passed over.',
              minimum: 0,
              maximum: 360,
            }),
          ),
        },
        {
          description:
            'Where the radar stands, for targets of which it says how far away and in which direction they are (TTM); absent: those are passed over.',
          additionalProperties: false,
        },
      ),
    ),
    carriers: Type.Boolean({
      description:
        'How strongly satellites are heard (GSV) is said of each position in `attributes.carrierDbHz`: mean of the four strongest, dB-Hz. `hygiene` takes a drop of it as a sign of jamming.',
      default: false,
    }),
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
  summary: 'Positions from a GNSS receiver that speaks NMEA 0183 over a serial line, TCP or UDP.',
  emits: ['position'],
  config: NmeaConfig,
  repeats: false,
  pausable: true,
  check: checkLine,
} as const satisfies Omit<DriverEntry, 'load'>;
