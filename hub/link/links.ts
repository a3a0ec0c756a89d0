import type { Logger } from 'pino';
import type { Downward } from '#flows/wire';
import type { BoxView } from '../api/types.ts';
import type { Boxes } from '../boxes.ts';
import { type HubConfig, parseAddress } from '../config.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Authority } from '../pki/authority.ts';
import { type Broker, openBroker } from './broker.ts';
import type { LinkEnds } from './ends.ts';
import { type KafkaHubLink, openKafkaLink } from './kafka.ts';
import { type MqttHubLink, openMqttLink } from './mqtt.ts';

export interface LinksOptions {
  readonly config: HubConfig;
  readonly ends: LinkEnds;
  readonly authority: Authority;
  /** Name of this hub among the boxes. */
  readonly hub: string;
  readonly boxes: Boxes;
  readonly ingest: Ingest;
  readonly now: () => number;
  readonly log: Logger;
  /** In a group of hubs: which boxes are this hub's has changed. */
  readonly onPartitions: () => void;
}

/** Batches of boxes are smaller by far; a release is limited by the API. */
const maxPacketBytes = 4_000_000;

/** The ways by which boxes come: the hub's own broker, and those that the config names beside it. Each can be used as soon as it is open. */
export function createLinks() {
  let broker: Broker | undefined;
  let kafka: KafkaHubLink | undefined;
  let mqtt: MqttHubLink | undefined;
  return {
    /** Returns the port of the hub's own broker. */
    async open({ config, ends, authority, hub, boxes, ingest, ...options }: LinksOptions): Promise<number> {
      const { now, log } = options;
      broker = await openBroker({
        ...parseAddress(config.broker),
        ...ends,
        authority,
        maxPacketBytes,
        admit: (box, fingerprint) => boxes.admit(box, fingerprint),
      });
      const common = {
        ...ends,
        id: hub,
        signer: authority.signer,
        now,
        sender: (box: string) => boxes.sender(box),
        settled: () => ingest.settled(),
      };
      if (config.mqtt)
        mqtt = openMqttLink({
          ...common,
          config: config.mqtt,
          onFailure: (error) => log.warn({ err: error }, 'MQTT broker'),
        });
      if (config.kafka)
        kafka = await openKafkaLink({
          ...common,
          config: config.kafka,
          releaseKey: authority.releaseKey,
          elsewhere: (box) => boxes.elsewhere(box),
          onBox: (view) => boxes.told(view),
          onPartitions: options.onPartitions,
          onFailure: (error) => log.warn({ err: error }, 'Kafka'),
          lookUp: () => boxes.refresh(),
          takeOver: async () => {
            await boxes.refresh();
            await ingest.refresh();
          },
        });
      return broker.port;
    },
    /** Boxes that can be spoken to. */
    boxes: (): string[] => [broker, kafka, mqtt].flatMap((link) => link?.boxes() ?? []),
    /** By whichever way the box came. False when it is not connected. */
    send: (box: string, message: Downward): boolean =>
      [broker, kafka, mqtt].some((link) => link?.send(box, message)),
    /** Cuts the connection of a box at once. */
    cut: (box: string): void => broker?.cut(box),
    /** In a group of hubs: the parts that are this one's; undefined: it is alone. */
    partitions: () => kafka?.partitions(),
    /** Tells the other hubs of a group how a box of this one does. */
    tell: (view: BoxView): void => kafka?.tell(view),
    async close(): Promise<void> {
      await mqtt?.close();
      await kafka?.close();
      await broker?.close();
    },
  };
}
