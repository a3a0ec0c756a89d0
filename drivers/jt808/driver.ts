import { callInSession } from '../call-in-session.ts';
import { defineDriver } from '../driver.ts';
import { parseAddress } from '../transport/link.ts';
import { type Jt808State, jt808Codec, type Part } from './codec.ts';
import { jt808About } from './config.ts';
import { orderPacket } from './orders.ts';
import { jt808Dialogue } from './reply.ts';

export const jt808 = defineDriver({
  ...jt808About,
  codec: () => jt808Codec(),
  open: (config, environment) =>
    callInSession<Part>({
      driver: jt808About.type,
      connection() {
        const codec = jt808Codec();
        let state: Jt808State | undefined;
        const initial = () => {
          state = codec.initial();
          return state;
        };
        const dialogue = jt808Dialogue({
          key: `${environment.box ?? ''} ${environment.node}`,
          authenticate: config.authenticate,
          now: () => environment.clock.now(),
          state: () => state,
          order: (order, terminal, next) =>
            orderPacket(order, { orders: config.orders, environment, terminal, next }),
        });
        return { codec: { ...codec, initial }, dialogue };
      },
      listen: parseAddress(config.listen) ?? { host: '127.0.0.1', port: 0 },
      devices: config.devices,
      maxLinks: config.maxLinks,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      idleSeconds: config.idleSeconds,
      environment,
    }),
});
