import { callInSession, type Dialogue } from '../call-in-session.ts';
import { defineDriver } from '../driver.ts';
import { parseAddress } from '../transport/link.ts';
import { type TeltonikaPart, teltonikaCodec } from './codec.ts';
import { commandPacket } from './command.ts';
import { teltonikaAbout } from './config.ts';

/** Accepts a login with 01, and answers records with their number once they are on disk. */
const dialogue: Dialogue<TeltonikaPart> = {
  identityOf: (part) => ('imei' in part ? part.imei : undefined),
  answer(part) {
    if ('imei' in part) return Uint8Array.of(1);
    if ('answer' in part) return undefined;
    return Uint8Array.of(0, 0, 0, part.records.count);
  },
  // Codec 12 numbers nothing: one order at a time, and the next answer is its own.
  order: ({ parameters }) => ({
    bytes: commandPacket(String(parameters.text)),
    answered: (part) => ('answer' in part ? 'done' : undefined),
  }),
};

export const teltonika = defineDriver({
  ...teltonikaAbout,
  codec: () => teltonikaCodec(),
  open: (config, environment) =>
    callInSession<TeltonikaPart>({
      driver: teltonikaAbout.type,
      connection: () => ({ codec: teltonikaCodec(), dialogue }),
      listen: parseAddress(config.listen) ?? { host: '127.0.0.1', port: 0 },
      devices: config.devices,
      maxLinks: config.maxLinks,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      idleSeconds: config.idleSeconds,
      environment,
    }),
});
