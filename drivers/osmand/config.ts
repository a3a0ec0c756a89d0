import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { httpFields } from '../http-fields.ts';
import { parseAddress } from '../transport/link.ts';

export const OsmandConfig = Type.Object(
  { ...httpFields('7655'), ...deviceFields },
  {
    description: 'Phones and trackers that report over HTTP as OsmAnd and the Traccar client do.',
    additionalProperties: false,
  },
);
export type OsmandConfig = Static<typeof OsmandConfig>;

/** What is known of the driver without its code. */
export const osmandAbout = {
  type: 'osmand',
  summary:
    'Positions from phones and trackers that report over HTTP, as a query or as JSON (OsmAnd, Traccar client).',
  emits: ['position'],
  config: OsmandConfig,
  repeats: true,
  pausable: true,
  check(config: Record<string, unknown>) {
    const { listen } = config;
    if (typeof listen === 'string' && !parseAddress(listen))
      return [{ path: 'listen', message: `${listen} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
