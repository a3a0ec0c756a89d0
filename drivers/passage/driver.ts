import { defineDriver } from '../driver.ts';
import { wholeLineCodec } from '../http-line.ts';
import { httpSession } from '../http-session.ts';
import { mqttSession } from '../mqtt-session.ts';
import { parseAddress } from '../transport/link.ts';
import { passageAbout } from './config.ts';
import { lineDecoder, lineOf, payloadReader } from './decode.ts';

export const passage = defineDriver({
  ...passageAbout,
  codec: ({ maxBodyBytes, point }) => wholeLineCodec(maxBodyBytes, lineDecoder(point)),
  open(config, environment) {
    const { topic, maxBodyBytes } = config;
    if (topic !== undefined)
      return mqttSession(
        passageAbout.type,
        payloadReader(config),
        { ...config, topic, maxPayloadBytes: maxBodyBytes },
        environment,
      );
    return httpSession({
      driver: passageAbout.type,
      codec: wholeLineCodec(config.maxBodyBytes, lineDecoder(config.point)),
      lineOf,
      identityOf: ({ device }) => device,
      listen: parseAddress(config.listen) ?? { host: '127.0.0.1', port: 0 },
      devices: config.devices,
      maxLinks: config.maxLinks,
      maxBodyBytes: config.maxBodyBytes,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      environment,
    });
  },
});
