import { type Static, Type } from 'typebox';
import { callInFields } from '../call-in-fields.ts';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { parseAddress } from '../transport/link.ts';
import { maxDetectors } from './frame.ts';

const { devices, maxLinks, idleSeconds, staleAfterSeconds } = callInFields('7621');

export const LinescanConfig = Type.Object(
  {
    connect: Type.Optional(Type.String({ description: 'A scanner that listens, host:port.' })),
    listen: Type.Optional(
      Type.String({ description: 'Where scanners call in instead, host:port; a port of 0 is any free one.' }),
    ),
    devices: {
      ...devices,
      description:
        'Identities, hexadecimal as on the wire, of the scanners that are heard; all others are refused. `*` lets every one in. Empty with `connect`: whoever is there.',
    },
    maxLinks,
    idleSeconds,
    view: Type.Enum(['side', 'top', 'slice', 'dr', 'belt'], {
      description: 'Which view of the object it is.',
      default: 'side',
    }),
    energiesMv: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 20 }), {
      description: 'Accelerating voltages, MV: the high energy, then the low one where pulses alternate.',
      default: [6, 4],
      minItems: 1,
      maxItems: 2,
    }),
    pixelMm: Type.Number({
      description:
        'Side of a square pixel in the object plane, mm: the height that one detector element sees there.',
      default: 5,
      minimum: 0.5,
      maximum: 50,
    }),
    detectors: Type.Optional(
      Type.Integer({
        description:
          'Detector elements of a line; lines with another number are left out. Absent: as they come.',
        minimum: 1,
        maximum: maxDetectors,
      }),
    ),
    stripColumns: Type.Integer({
      description:
        'Columns of a strip; it is handed on when the next one is full, and at the end of the scan.',
      default: 32,
      minimum: 8,
      maximum: 256,
    }),
    calibrationLines: Type.Integer({
      description:
        'Lines of each energy with the beam off, and with nothing in it, without which a calibration is missing.',
      default: 16,
      minimum: 1,
      maximum: 10_000,
    }),
    maxAgeSeconds: Type.Number({
      description: 'Age at which dark or air lines are stale, seconds.',
      default: 900,
      minimum: 1,
      maximum: 864_000,
    }),
    afterglow: Type.Number({
      description: 'Share of a reading that is left in the next one of the same energy; it is taken off.',
      default: 0,
      minimum: 0,
      maximum: 0.2,
    }),
    saturationAdu: Type.Integer({
      description: 'Reading from which a detector element counts as saturated, ADU.',
      default: 65_000,
      minimum: 1,
      maximum: 65_535,
    }),
    badGain: Type.Number({
      description:
        'An element whose gain is below this share of its neighbours’, or above the inverse, is interpolated.',
      default: 0.3,
      minimum: 0.01,
      maximum: 0.99,
    }),
    badNoise: Type.Number({
      description: 'An element with more than so many times the noise of its neighbours is interpolated.',
      default: 8,
      minimum: 2,
      maximum: 1000,
    }),
    badDarkAdu: Type.Number({
      description: 'An element whose dark signal is so much above its neighbours’ is interpolated, ADU.',
      default: 5000,
      minimum: 10,
      maximum: 65_535,
    }),
    silentSeconds: Type.Number({
      description: 'Silence after which a scan that did not say its end is over, seconds.',
      default: 5,
      minimum: 0.2,
      maximum: 25,
    }),
    maxLengthM: Type.Number({
      description: 'Length at which a scan is ended, m.',
      default: 40,
      minimum: 0.1,
      maximum: 2000,
    }),
    maxSeconds: Type.Number({
      description: 'Time after which a scan is ended, seconds.',
      default: 900,
      minimum: 1,
      maximum: 86_400,
    }),
    ...deviceFields,
    staleAfterSeconds: {
      ...staleAfterSeconds,
      description: 'Silence after which the scanner counts as stale, seconds.',
      default: 3600,
    },
  },
  { description: 'X-ray line scanners of trucks and containers.', additionalProperties: false },
);
export type LinescanConfig = Static<typeof LinescanConfig>;

/** Names of the planes, in the order of `energiesMv`. */
export const planesOf = (config: LinescanConfig): string[] =>
  ['high', 'low'].slice(0, config.energiesMv.length);

/** What is known of the driver without its code. */
export const linescanAbout = {
  type: 'linescan',
  summary: 'Calibrated strips of square pixels from X-ray line scanners, while the object still moves.',
  emits: ['frame'],
  config: LinescanConfig,
  repeats: false,
  // A scanner does not wait for long: what it cannot send it drops, and that is told.
  pausable: true,
  check(config: Record<string, unknown>) {
    const { connect, listen } = config;
    if ((connect === undefined) === (listen === undefined))
      return [
        { path: listen === undefined ? 'connect' : 'listen', message: 'give either connect or listen' },
      ];
    for (const [path, address] of Object.entries({ connect, listen }))
      if (typeof address === 'string' && !parseAddress(address))
        return [{ path, message: `${address} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
