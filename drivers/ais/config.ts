import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { checkLine, lineFields } from '../line-fields.ts';

export const AisConfig = Type.Object(
  {
    ...lineFields(38_400),
    ...deviceFields,
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the receiver counts as stale, seconds.',
      default: 120,
      minimum: 1,
      maximum: 86_400,
    }),
  },
  { description: 'An AIS receiver, or a feed of several.', additionalProperties: false },
);
export type AisConfig = Static<typeof AisConfig>;

/** What is known of the driver without its code. */
export const aisAbout = {
  type: 'ais',
  summary:
    'Ships, stations, aircraft and aids to navigation from an AIS receiver, over a serial line, TCP or UDP.',
  emits: ['position', 'identity'],
  config: AisConfig,
  repeats: false,
  pausable: true,
  check: checkLine,
} as const satisfies Omit<DriverEntry, 'load'>;
