import { byteSession } from './byte-session.ts';
import { datagramSession } from './datagram-session.ts';
import type { Codec, DriverEnvironment } from './driver.ts';
import type { Session } from './session.ts';
import type { Stamp } from './stamp.ts';
import { parseAddress } from './transport/link.ts';
import { serialTransport } from './transport/serial.ts';
import { tcpTransport } from './transport/tcp.ts';

/** Config of `lineFields`, with the common ones. */
export interface LineConfig extends Stamp {
  readonly path?: string;
  readonly baudRate: number;
  readonly connect?: string;
  readonly udp?: string;
  readonly staleAfterSeconds: number;
}

const nowhere = { host: '127.0.0.1', port: 0 };

/** The line that the config names, unless it is `udp`. */
export function lineTransport({ path, baudRate, connect }: LineConfig) {
  if (path !== undefined) return serialTransport({ path, baudRate });
  const { host, port } = parseAddress(connect ?? '') ?? nowhere;
  return tcpTransport(host, port);
}

/** Listens to a device that speaks unasked, on the line that its config names. */
export function lineSession(
  driver: { readonly type: string; readonly repeats: boolean },
  codec: Codec,
  config: LineConfig,
  environment: DriverEnvironment,
): Session {
  const common = {
    driver: driver.type,
    codec,
    stamp: config,
    staleAfterSeconds: config.staleAfterSeconds,
    environment,
  };
  if (config.udp !== undefined)
    return datagramSession({ ...common, listen: parseAddress(config.udp) ?? nowhere });
  return byteSession({ ...common, transport: lineTransport(config), repeats: driver.repeats });
}
