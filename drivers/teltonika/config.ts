import { type Static, Type } from 'typebox';
import { callInFields } from '../call-in-fields.ts';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { textCommand } from '../text-command.ts';
import { parseAddress } from '../transport/link.ts';

export const TeltonikaConfig = Type.Object(
  { ...callInFields('5027'), ...deviceFields },
  { description: 'Vehicle trackers of Teltonika that call in.', additionalProperties: false },
);
export type TeltonikaConfig = Static<typeof TeltonikaConfig>;

/** What is known of the driver without its code. */
export const teltonikaAbout = {
  type: 'teltonika',
  summary:
    'Positions from Teltonika trackers that call in over TCP with codec 8, 8 Extended or 16; after the maker’s public wiki, without a claim of conformance.',
  emits: ['position'],
  config: TeltonikaConfig,
  repeats: true,
  pausable: true,
  commands: [textCommand],
  check(config: Record<string, unknown>) {
    const { listen } = config;
    if (typeof listen === 'string' && !parseAddress(listen))
      return [{ path: 'listen', message: `${listen} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
