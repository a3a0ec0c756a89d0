import { callInSession, type Dialogue } from '../call-in-session.ts';
import { defineDriver } from '../driver.ts';
import { parseAddress } from '../transport/link.ts';
import { type Gt06Part, gt06Codec } from './codec.ts';
import { gt06About } from './config.ts';
import { commandPacket, readAnswer } from './encode.ts';
import { packet } from './frame.ts';
import { answered, types } from './types.ts';

/** Answers what a terminal waits for, once it is on disk; the time is UTC. */
function dialogue(now: () => number): Dialogue<Gt06Part> {
  let lastFlag = 0;
  return {
    identityOf: ({ imei }) => imei,
    answer({ packet: { type, serial } }) {
      if (type === types.time) return packet(type, timeBytes(now()), serial);
      return answered.has(type) ? packet(type, new Uint8Array(), serial) : undefined;
    },
    order({ parameters }) {
      lastFlag = (lastFlag + 1) & 0xffff;
      const flag = lastFlag;
      return {
        bytes: commandPacket(String(parameters.text), flag, flag),
        answered: ({ packet: { type, body } }) =>
          readAnswer(type, body)?.flag === flag ? 'done' : undefined,
      };
    },
  };
}

function timeBytes(ms: number): Uint8Array {
  const date = new Date(ms);
  return Uint8Array.of(
    date.getUTCFullYear() - 2000,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  );
}

export const gt06 = defineDriver({
  ...gt06About,
  codec: (config) => gt06Codec(config),
  open: (config, environment) =>
    callInSession<Gt06Part>({
      driver: gt06About.type,
      repeats: gt06About.repeats,
      connection: () => ({ codec: gt06Codec(config), dialogue: dialogue(() => environment.clock.now()) }),
      listen: parseAddress(config.listen) ?? { host: '127.0.0.1', port: 0 },
      devices: config.devices,
      maxLinks: config.maxLinks,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      idleSeconds: config.idleSeconds,
      environment,
    }),
});
