import { type Static, Type } from 'typebox';
import type { CommandDefinition, DeviceOrder } from './command.ts';
import type { DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';

const LockText = (what: string) =>
  Type.Object(
    {
      text: Type.String({
        description: `What is sent to ${what}, as the maker's manual has it; {device} stands for the identity, {secret} for the secret.`,
        minLength: 1,
        maxLength: 200,
      }),
      done: Type.Optional(
        Type.String({
          description:
            'How the answer of a lock that takes it begins, behind its identity; absent where the protocol has answers of its own.',
          minLength: 1,
          maxLength: 100,
        }),
      ),
      refused: Type.Optional(
        Type.String({
          description: 'How the answer of a lock that does not take it begins.',
          minLength: 1,
          maxLength: 100,
        }),
      ),
    },
    { description: `How a lock is told to ${what}.`, additionalProperties: false },
  );

/** Makers do not publish how their locks are opened: what is sent is data of the site. */
export const LockOrders = Type.Object(
  {
    unlock: Type.Optional(LockText('open')),
    lock: Type.Optional(LockText('close')),
    secret: Type.Optional(
      Type.String({
        description:
          'Name of the secret that {secret} stands for; NAME.IDENTITY counts before NAME, so that a lock can have its own.',
        minLength: 1,
        maxLength: 64,
      }),
    ),
  },
  {
    description: 'How its locks are told to open and close; absent: they cannot be.',
    additionalProperties: false,
  },
);
export type LockOrders = Static<typeof LockOrders>;

const none = Type.Object({}, { additionalProperties: false });
const sealIs = (state: string) => ({ kind: 'seal', where: { state } });

export const lockCommands: readonly CommandDefinition[] = [
  {
    action: 'lock',
    summary: 'Closes the lock.',
    parameters: none,
    physical: true,
    confirmedBy: sealIs('locked'),
  },
  {
    action: 'unlock',
    summary: 'Opens the lock.',
    parameters: none,
    physical: true,
    confirmedBy: sealIs('unlocked'),
  },
];

/** A lock's order in the texts of the config. Throws a Fault where they or the secret are missing. */
export function lockOrder(
  driver: string,
  { device, action }: DeviceOrder,
  orders: LockOrders | undefined,
  environment: Pick<DriverEnvironment, 'secret'>,
) {
  const given = action === 'lock' || action === 'unlock' ? orders?.[action] : undefined;
  if (!given) throw faults.fault('command.none', { driver, action });
  const name = orders?.secret;
  const secret = () => {
    const found = name && (environment.secret(`${name}.${device}`) ?? environment.secret(name));
    if (!found) throw faults.fault('secret.refused', { name: name ?? `for {secret} of ${action}` });
    return found;
  };
  const text = given.text.replace(/\{(device|secret)\}/g, (_, which: string) =>
    which === 'device' ? device : secret(),
  );
  return {
    text,
    bytes: Buffer.from(text, 'latin1'),
    /** What a text of the lock says of the order. */
    answered(said: string): 'done' | { readonly refused: string } | undefined {
      if (given.done !== undefined && said.startsWith(given.done)) return 'done';
      if (given.refused !== undefined && said.startsWith(given.refused)) return { refused: given.refused };
      return undefined;
    },
  };
}
