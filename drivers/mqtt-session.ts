import type { DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';
import { localLink } from './mqtt-local.ts';
import { type PayloadReader, payloadTaker } from './mqtt-taker.ts';
import { Session, type SessionFeed } from './session.ts';
import type { Stamp } from './stamp.ts';
import type { Link } from './transport/link.ts';
import { parseBrokerUrl } from './transport/mqtt/address.ts';
import { connectMqtt, type MqttOptions } from './transport/mqtt/client.ts';
import type { MqttProtocol } from './transport/mqtt/dialect.ts';
import { Inbox } from './transport/mqtt/inbox.ts';

/** Config of `brokerFields`, with where the broker is and what is listened to. */
export interface MqttConfig extends Stamp {
  readonly url?: string;
  readonly topic: string;
  readonly protocol: MqttProtocol;
  readonly sessionExpirySeconds: number;
  readonly qos: number;
  readonly clientId?: string;
  readonly username?: string;
  readonly passwordSecret?: string;
  readonly caSecret?: string;
  readonly certSecret?: string;
  readonly keySecret?: string;
  readonly maxPayloadBytes: number;
  readonly inFlight: number;
  readonly keepaliveSeconds: number;
  readonly staleAfterSeconds: number;
}

/** Beside the payload a packet has a topic and a header. */
const packetOverhead = 4096;
const retainBytes = 16 << 20;

/** How to reach the broker that the config names. Throws a Fault for a secret that is not there. */
function brokerOptions(config: MqttConfig, environment: DriverEnvironment): Omit<MqttOptions, 'inbox'> {
  const { url, qos, username, keepaliveSeconds, protocol, sessionExpirySeconds, inFlight } = config;
  const address = parseBrokerUrl(url ?? '');
  if (!address) throw faults.fault('mqtt.nobroker');
  const secret = (name: string | undefined): string | undefined => {
    if (name === undefined) return undefined;
    const value = environment.secret(name);
    if (value === undefined) throw faults.fault('secret.refused', { name });
    return value;
  };
  const clientId = config.clientId ?? `quaywatch-${environment.box ?? 'box'}-${environment.node}`;
  return {
    address,
    tls: { ca: secret(config.caSecret), cert: secret(config.certSecret), key: secret(config.keySecret) },
    clientId: clientId.replaceAll('/', '-'),
    protocol,
    clean: qos === 0,
    sessionExpirySeconds,
    inFlight,
    username,
    password: secret(config.passwordSecret),
    keepaliveSeconds,
    maxPacketBytes: config.maxPayloadBytes + packetOverhead,
    clock: environment.clock,
    timers: environment.timers,
  };
}

/**
 * A session whose devices publish at a broker: the one that the config names, or the box's own. What comes is
 * acknowledged when it is on disk.
 */
export function mqttSession<I>(
  driver: string,
  reader: PayloadReader<I>,
  config: MqttConfig,
  environment: DriverEnvironment,
): Session {
  const { device, topic, qos, inFlight, staleAfterSeconds } = config;
  const { deliveries } = environment;
  const memory = qos === 1 && config.url !== undefined ? deliveries : undefined;
  const inbox = new Inbox({ inFlight, retainBytes, ...(memory ? { memory } : {}) });

  const remote = async (feed: SessionFeed, signal: AbortSignal): Promise<Link> => {
    const take = payloadTaker(reader, config, feed, environment);
    const link = await connectMqtt(
      { ...brokerOptions(config, environment), inbox },
      {
        current: feed.current,
        message(from, payload, number, retained) {
          if (number >= 0) inbox.handOn(number);
          take(from, payload, retained, number < 0 ? undefined : () => inbox.done(number));
        },
        refused: (problem) => feed.reject(problem, new Uint8Array()),
      },
      signal,
    );
    try {
      await link.subscribe(topic, qos === 0 ? 0 : 1);
    } catch (error) {
      link.kill();
      throw error;
    }
    return link;
  };
  const local = async (feed: SessionFeed): Promise<Link> => {
    const { broker, sink } = environment;
    if (!broker) throw faults.fault('mqtt.nobroker');
    return localLink(broker, topic, inFlight, payloadTaker(reader, config, feed, environment), feed, sink);
  };
  return new Session({
    driver,
    ...(device === undefined ? {} : { device }),
    repeats: qos === 1,
    staleAfterSeconds,
    watch: config,
    environment,
    connect: config.url === undefined ? local : remote,
  });
}
