import { type Static, Type } from 'typebox';
import { callInFields } from '../call-in-fields.ts';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { LockOrders } from '../lock-orders.ts';
import { parseAddress } from '../transport/link.ts';
import { jt808Commands } from './actions.ts';

export const Jt808Config = Type.Object(
  {
    ...callInFields('7611'),
    authenticate: Type.Boolean({
      description:
        'A terminal whose authentication code is not ours is told so and registers anew; many keep a code of another platform for ever, so it is off unless asked for.',
      default: false,
    }),
    orders: Type.Optional(LockOrders),
    ...deviceFields,
  },
  { description: 'Terminals that speak JT/T 808 and call in.', additionalProperties: false },
);
export type Jt808Config = Static<typeof Jt808Config>;

/** What is known of the driver without its code. */
export const jt808About = {
  type: 'jt808',
  summary:
    'Positions, seals and identities from vehicle terminals that speak JT/T 808 (2011, 2013, 2019) and call in over TCP.',
  emits: ['position', 'seal', 'identity'],
  config: Jt808Config,
  repeats: true,
  pausable: true,
  commands: jt808Commands,
  check(config: Record<string, unknown>) {
    const { listen } = config;
    if (typeof listen === 'string' && !parseAddress(listen))
      return [{ path: 'listen', message: `${listen} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
