import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { folderFields } from '../folder-fields.ts';
import { parseAddress } from '../transport/link.ts';

export const SpectrometerConfig = Type.Object(
  {
    path: Type.Optional(Type.String({ description: 'Serial line on which spectra are streamed.' })),
    baudRate: Type.Integer({
      description: 'Baud rate of the serial line.',
      default: 115_200,
      minimum: 50,
      maximum: 4_000_000,
    }),
    connect: Type.Optional(
      Type.String({ description: 'An instrument that streams its spectra over TCP, host:port.' }),
    ),
    ...folderFields,
    format: Type.Optional(
      Type.Enum(['jcamp', 'spc', 'asd', 'csv', 'framed'], {
        description: 'Form of the files; absent: told by their first bytes.',
      }),
    ),
    technique: Type.Optional(
      Type.Enum(['nir', 'xrf', 'gamma'], {
        description: 'How the spectra are measured; absent: as the form or the unit of the abscissa tells.',
      }),
    ),
    maxSpectrumBytes: Type.Integer({
      description: 'A larger spectrum is set aside, bytes.',
      default: 4_000_000,
      minimum: 1000,
      maximum: 64_000_000,
    }),
    ...deviceFields,
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the instrument counts as stale, seconds.',
      default: 600,
      minimum: 1,
      maximum: 864_000,
    }),
  },
  { description: 'Near-infrared and X-ray fluorescence spectrometers.', additionalProperties: false },
);
export type SpectrometerConfig = Static<typeof SpectrometerConfig>;

const sources = ['path', 'connect', 'folder'] as const;

/** What is known of the driver without its code. */
export const spectrometerAbout = {
  type: 'spectrometer',
  summary:
    'Spectra as JCAMP-DX (all its compressed forms), SPC, ASD or CSV from a folder, or streamed over a serial line or TCP as JCAMP-DX or in a framed form.',
  emits: ['spectrum'],
  config: SpectrometerConfig,
  // A folder repeats what was not committed; a stream does not, and its outages are told.
  repeats: false,
  pausable: true,
  check(config: Record<string, unknown>) {
    const given = sources.filter((name) => config[name] !== undefined);
    if (given.length !== 1)
      return [{ path: given[1] ?? 'connect', message: 'give one of path, connect and folder' }];
    const { connect } = config;
    if (typeof connect === 'string' && !parseAddress(connect))
      return [{ path: 'connect', message: `${connect} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
