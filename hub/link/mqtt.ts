import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import { writeToStream } from 'mqtt-packet';
import { connectOptions, type MqttConfig, mqttTopics } from '#firmware-config/mqtt/config';
import { seal, unseal } from '#firmware-config/mqtt/seal';
import type { Signer, Verifier } from '#flows/trust/sign';
import type { Downward } from '#flows/wire';
import { faults } from '../faults.ts';
import type { LinkEnds } from './ends.ts';
import { createPresence } from './presence.ts';

export interface MqttLinkOptions extends LinkEnds {
  readonly config: MqttConfig;
  /** Name of this hub among the clients: its session at the broker. */
  readonly id: string;
  readonly signer: Signer;
  readonly now: () => number;
  /** A box that may send; undefined: it is unknown or revoked. */
  sender(box: string): { readonly verifier: Verifier } | undefined;
  /** Resolves when all that was given to `onUp` is stored or refused; with false when the store failed. */
  settled(): Promise<boolean>;
  onFailure(error: unknown): void;
}

const retryMs = 1000;
/** Beyond this much that the broker has not taken, nothing more is sent down: boxes ask again. */
const mostWaitingBytes = 8_000_000;
const protocol = { protocolVersion: 4 } as const;

/** MQTT.js then sends no acknowledgement by itself and reads on: ours follows when all is stored. */
const later = new Error('acknowledged later');

/**
 * The hub's end of the link by way of somebody else's MQTT broker: a persistent session, and each message acknowledged to the
 * broker when what it brought is stored. As over Kafka, who wrote a message its signature alone says. The hub runs
 * while the broker cannot be reached, and dials again. Throws `link.mqtt` when files of the config cannot be read.
 */
export function openMqttLink(options: MqttLinkOptions) {
  const { config, id, signer } = options;
  const all = mqttTopics(config.prefix, '+');
  const client = dial(config, id);
  const presence = createPresence(options);
  /** Its trouble was told: once for an outage, not at every try. */
  let isTold = false;
  /** Numbers to acknowledge, of the connection that they came by. */
  let due: { readonly stream: MqttClient['stream']; readonly ids: number[] } | undefined;

  function failed(error: Error): void {
    if (isTold) return;
    isTold = true;
    options.onFailure(error);
  }

  function refuse(box: string, problem: ReturnType<typeof faults.problem>): undefined {
    options.onRefused(box, problem);
    return undefined;
  }

  function take(topic: string, payload: Buffer): Promise<void> | undefined {
    const box = topic.split('/').at(-2) ?? '';
    const own = mqttTopics(config.prefix, box);
    const sender = options.sender(box);
    if (!sender) return refuse(box, faults.problem('link.unknown', { box }));
    const value = unseal(topic, box, payload, sender.verifier);
    if (!value) return refuse(box, faults.problem('ingest.signature', { box }));
    presence.heard(box);
    return topic === own.scans ? options.onScans(box, value) : options.onUp(box, value);
  }

  /** All that came until now is acknowledged together, once it is stored; on a new connection the broker sends it again. */
  function acknowledge(number: number): void {
    const { stream } = client;
    if (due?.stream === stream) {
      due.ids.push(number);
      return;
    }
    const group = { stream, ids: [number] };
    due = group;
    setImmediate(() => {
      if (due === group) due = undefined;
      options.settled().then((stored) => {
        if (stream !== client.stream || stream.destroyed) return;
        if (!stored)
          stream.destroy(); // the broker sends it again
        else for (const messageId of group.ids) writeToStream({ cmd: 'puback', messageId }, stream, protocol);
      }, options.onFailure);
    });
  }

  client.handleMessage = (packet: IPublishPacket, done) => {
    const taken = take(packet.topic, Buffer.from(packet.payload));
    const { messageId } = packet;
    const next = () => {
      if (messageId !== undefined) acknowledge(messageId);
      done(messageId === undefined ? undefined : later);
    };
    if (taken) taken.then(next, next);
    else next();
  };
  client.on('error', failed);
  client.on('connect', () => {
    isTold = false;
    client.subscribe([all.up, all.scans], { qos: 1 }, (error, granted) => {
      const refused = granted?.find(({ qos }) => qos > 1);
      if (error) failed(error);
      else if (refused) failed(new Error(`the broker refuses the subscription to ${refused.topic}`));
    });
  });
  client.on('close', () => failed(new Error(`no connection to ${config.url}`)));

  return {
    boxes: () => presence.boxes(),
    /** False when nothing was heard from the box for a while, or the broker does not take more. */
    send(box: string, message: Downward): boolean {
      if (!presence.has(box) || !client.connected || client.stream.writableLength > mostWaitingBytes)
        return false;
      const topic = mqttTopics(config.prefix, box).down;
      client.publish(topic, seal(topic, box, Buffer.from(JSON.stringify(message)), signer), { qos: 1 });
      return true;
    },
    async close(): Promise<void> {
      client.removeAllListeners('close');
      presence.close();
      await client.endAsync(!client.connected);
    },
  };
}
export type MqttHubLink = ReturnType<typeof openMqttLink>;

function dial(config: MqttConfig, id: string): MqttClient {
  try {
    return mqtt.connect(config.url, {
      ...connectOptions(config),
      ...protocol,
      clientId: `${config.prefix}-${id}`,
      clean: false,
      reconnectPeriod: retryMs,
      resubscribe: false,
      queueQoSZero: false,
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw faults.fault('link.mqtt', { detail }, config.url, error);
  }
}
