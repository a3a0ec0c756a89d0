import { byteSession } from '../byte-session.ts';
import { defineDriver } from '../driver.ts';
import { parseAddress } from '../transport/link.ts';
import { serialTransport } from '../transport/serial.ts';
import { tcpTransport } from '../transport/tcp.ts';
import { nmeaCodec } from './codec.ts';
import { type NmeaConfig, nmeaAbout } from './config.ts';

/** The line that the config names. */
export function nmeaTransport(config: NmeaConfig) {
  const { path, connect, baudRate } = config;
  if (path !== undefined) return serialTransport({ path, baudRate });
  const { host, port } = parseAddress(connect ?? '') ?? { host: '127.0.0.1', port: 0 };
  return tcpTransport(host, port);
}

export const nmea = defineDriver({
  ...nmeaAbout,
  codec: () => nmeaCodec,
  open: (config, environment) =>
    byteSession({
      driver: nmeaAbout.type,
      codec: nmeaCodec,
      transport: nmeaTransport(config),
      repeats: nmeaAbout.repeats,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      environment,
    }),
});
