import { byteSession } from '../byte-session.ts';
import { defineDriver } from '../driver.ts';
import { folderSession } from '../folder-session.ts';
import { parseAddress } from '../transport/link.ts';
import { tcpTransport } from '../transport/tcp.ts';
import { n42Codec } from './codec.ts';
import { n42About } from './config.ts';

export const n42 = defineDriver({
  ...n42About,
  codec: () => n42Codec,
  open(config, environment) {
    const common = {
      driver: n42About.type,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      environment,
    };
    const { folder, connect, settleSeconds, maxFileBytes } = config;
    if (folder !== undefined)
      return folderSession({
        ...common,
        codec: () => n42Codec,
        folder,
        endings: ['.n42', '.xml'],
        settleSeconds,
        maxFileBytes,
      });
    const { host, port } = parseAddress(connect ?? '') ?? { host: '127.0.0.1', port: 0 };
    return byteSession({
      ...common,
      codec: n42Codec,
      transport: tcpTransport(host, port),
      repeats: n42About.repeats,
    });
  },
});
