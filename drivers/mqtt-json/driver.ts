import { type DriverEnvironment, defineDriver } from '../driver.ts';
import { faults } from '../faults.ts';
import { Session, type SessionFeed } from '../session.ts';
import type { Link } from '../transport/link.ts';
import { parseBrokerUrl } from '../transport/mqtt/address.ts';
import { connectMqtt, type MqttOptions } from '../transport/mqtt/client.ts';
import { Inbox } from '../transport/mqtt/inbox.ts';
import { mqttJsonCodec } from './codec.ts';
import { type MqttJsonConfig, mqttJsonAbout } from './config.ts';
import { localLink } from './local.ts';
import { payloadReader } from './reader.ts';
import { payloadTaker } from './taker.ts';

/** Beside the payload a packet has a topic and a header. */
const packetOverhead = 4096;
const retainBytes = 16 << 20;

/** How to reach the broker that the config names. Throws a Fault for a secret that is not there. */
export function brokerOptions(
  config: MqttJsonConfig,
  environment: DriverEnvironment,
): Omit<MqttOptions, 'inbox'> {
  const { url, qos, username, keepaliveSeconds } = config;
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
    clean: qos === 0,
    username,
    password: secret(config.passwordSecret),
    keepaliveSeconds,
    maxPacketBytes: config.maxPayloadBytes + packetOverhead,
    clock: environment.clock,
    timers: environment.timers,
  };
}

export const mqttJson = defineDriver({
  ...mqttJsonAbout,
  codec: (config) => mqttJsonCodec(config),
  open(config, environment) {
    const { device, datum, topic, qos, inFlight, staleAfterSeconds } = config;
    const reader = payloadReader(config);
    const inbox = new Inbox({ inFlight, retainBytes });
    const broker = environment.broker;

    const remote = async (feed: SessionFeed, signal: AbortSignal): Promise<Link> => {
      const take = payloadTaker(reader, { device, datum }, feed, environment);
      const link = await connectMqtt(
        { ...brokerOptions(config, environment), inbox },
        {
          message: (from, payload, number, retained) =>
            take(from, payload, retained, number < 0 ? undefined : () => inbox.done(number)),
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
      if (!broker) throw faults.fault('mqtt.nobroker');
      return localLink(
        broker,
        topic,
        inFlight,
        payloadTaker(reader, { device, datum }, feed, environment),
        feed,
        environment.sink,
      );
    };
    return new Session({
      driver: mqttJsonAbout.type,
      ...(device === undefined ? {} : { device }),
      repeats: qos === 1,
      staleAfterSeconds,
      watch: config,
      environment,
      connect: config.url === undefined ? local : remote,
    });
  },
});
