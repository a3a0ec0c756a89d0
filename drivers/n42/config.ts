import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { folderFields } from '../folder-fields.ts';
import { parseAddress } from '../transport/link.ts';

export const N42Config = Type.Object(
  {
    connect: Type.Optional(
      Type.String({ description: 'An instrument that sends its documents over TCP, host:port.' }),
    ),
    ...folderFields,
    ...deviceFields,
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the instrument counts as stale, seconds.',
      default: 600,
      minimum: 1,
      maximum: 864_000,
    }),
  },
  { description: 'Radiation instruments that write ANSI N42.42.', additionalProperties: false },
);
export type N42Config = Static<typeof N42Config>;

/** What is known of the driver without its code. */
export const n42About = {
  type: 'n42',
  summary:
    'Gamma spectra and neutron counts of portals and handhelds as ANSI N42.42 (2006, and 2011 on), over TCP or from a folder.',
  emits: ['spectrum', 'reading'],
  config: N42Config,
  // A folder repeats what was not committed; a TCP wire does not, and its outages are told.
  repeats: false,
  pausable: true,
  check(config: Record<string, unknown>) {
    const { connect, folder } = config;
    if ((connect === undefined) === (folder === undefined))
      return [
        { path: folder === undefined ? 'connect' : 'folder', message: 'give either connect or folder' },
      ];
    if (typeof connect === 'string' && !parseAddress(connect))
      return [{ path: 'connect', message: `${connect} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
