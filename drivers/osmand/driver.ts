import { defineDriver } from '../driver.ts';
import { wholeLineCodec } from '../http-line.ts';
import { httpSession } from '../http-session.ts';
import { parseAddress } from '../transport/link.ts';
import { osmandAbout } from './config.ts';
import { decodeLine, lineOf } from './decode.ts';

export const osmand = defineDriver({
  ...osmandAbout,
  codec: ({ maxBodyBytes }) => wholeLineCodec(maxBodyBytes, decodeLine),
  open: (config, environment) =>
    httpSession({
      driver: osmandAbout.type,
      codec: wholeLineCodec(config.maxBodyBytes, decodeLine),
      lineOf,
      identityOf: ({ device }) => device,
      listen: parseAddress(config.listen) ?? { host: '127.0.0.1', port: 0 },
      devices: config.devices,
      maxLinks: config.maxLinks,
      maxBodyBytes: config.maxBodyBytes,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      environment,
    }),
});
