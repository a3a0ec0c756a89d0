import { type Static, Type } from 'typebox';
import { callInFields } from '../call-in-fields.ts';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { LockOrders, lockCommands } from '../lock-orders.ts';
import { parseAddress } from '../transport/link.ts';

export const Jt701Config = Type.Object(
  { ...callInFields('5014'), orders: Type.Optional(LockOrders), ...deviceFields },
  { description: 'Electronic locks of Jointech that call in.', additionalProperties: false },
);
export type Jt701Config = Static<typeof Jt701Config>;

/** What is known of the driver without its code. */
export const jt701About = {
  type: 'jt701',
  summary:
    'Seals and positions from Jointech JT701, JT705 and JT709 locks that call in over TCP; the fields are as public decoders and listings have them, without a claim of conformance.',
  emits: ['position', 'seal'],
  config: Jt701Config,
  // What asks for confirmation comes again until it has it; the rest is what the lock says anew in a while.
  repeats: true,
  pausable: true,
  commands: lockCommands,
  check(config: Record<string, unknown>) {
    const { listen } = config;
    if (typeof listen === 'string' && !parseAddress(listen))
      return [{ path: 'listen', message: `${listen} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
