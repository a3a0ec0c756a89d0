import { callInSession, type Dialogue } from '../call-in-session.ts';
import { type DriverEnvironment, defineDriver } from '../driver.ts';
import { lockOrder } from '../lock-orders.ts';
import { parseAddress } from '../transport/link.ts';
import { type Jt701Part, jt701Codec } from './codec.ts';
import { type Jt701Config, jt701About } from './config.ts';

/** From this version of the protocol on a confirmation names the index of what it confirms. */
const indexedFrom = 0x19;

/** Confirms what a lock asks to have confirmed, once it is on disk. */
export function confirmation({ type, confirm }: Jt701Part): Uint8Array | undefined {
  const text = (said: string) => Buffer.from(said, 'latin1');
  if (confirm) return text(confirm.version < indexedFrom ? '(P35)' : `(P69,0,${confirm.index})`);
  if (type === 'U01' || type === 'U02' || type === 'U03') return text('(S39)');
  return type === 'U06' ? text('(S20)') : undefined;
}

/** The texts that lock and unlock are the config's: the maker's own description was not seen. */
const dialogue = (config: Jt701Config, environment: DriverEnvironment): Dialogue<Jt701Part> => ({
  identityOf: ({ device }) => device,
  answer: confirmation,
  order(order) {
    const { bytes, answered } = lockOrder(jt701About.type, order, config.orders, environment);
    return { bytes, answered: ({ text }) => (text === undefined ? undefined : answered(text)) };
  },
});

export const jt701 = defineDriver({
  ...jt701About,
  codec: () => jt701Codec(),
  open: (config, environment) =>
    callInSession<Jt701Part>({
      driver: jt701About.type,
      connection: () => ({ codec: jt701Codec(), dialogue: dialogue(config, environment) }),
      listen: parseAddress(config.listen) ?? { host: '127.0.0.1', port: 0 },
      devices: config.devices,
      maxLinks: config.maxLinks,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      idleSeconds: config.idleSeconds,
      environment,
    }),
});
