import {
  consume,
  disconnected,
  ensureTopics,
  type KafkaClient,
  type KafkaError,
  type KafkaMessage,
  keyOf,
  loadKafka,
  openConsumer,
  openProducer,
  type Place,
  signatureOf,
} from '#firmware-config/kafka/client';
import { kafkaTopics } from '#firmware-config/kafka/config';
import { isSignedBy, recordSignature } from '#firmware-config/kafka/sign';
import type { Verifier } from '#flows/trust/sign';
import type { Downward } from '#flows/wire';
import { faults } from '../faults.ts';
import type { LinkEnds } from './ends.ts';
import { type GossipOptions, openGossip } from './gossip.ts';
import { createPresence } from './presence.ts';

export interface KafkaLinkOptions extends LinkEnds, Omit<GossipOptions, 'onFailure'> {
  readonly now: () => number;
  /** A box that may send; undefined: it is unknown or revoked. */
  sender(box: string): { readonly verifier: Verifier } | undefined;
  onFailure(error: unknown): void;
  /** Reads anew which boxes there are. */
  lookUp(): Promise<void>;
  /** This hub takes over partitions: what it knew of their boxes may be old. */
  takeOver(): Promise<void>;
  /** Which partitions are this hub's has changed. */
  onPartitions(): void;
  /** Whether another hub has the box. */
  elsewhere(box: string): boolean;
  /** Resolves when all that was given to `onUp` is stored or refused; with false when the store failed. */
  settled(): Promise<boolean>;
}

const assign = -175;
const commitMs = 1000;
const lookUpMs = 1000;
const retryMs = 1000;

/**
 * The hubs' end of the link by way of Kafka: one of a consumer group, each box's records with one hub at a time. Offsets
 * are committed behind the store. They only say where to read on: boxes keep everything until they are answered, and
 * what is read twice is recognised. Throws `link.kafka`.
 */
export async function openKafkaLink(options: KafkaLinkOptions) {
  const { config } = options;
  const loaded = await loadKafka();
  if (!loaded) throw faults.fault('link.kafka', { detail: 'node-rdkafka is not built' });
  const kafka = loaded;
  const topics = kafkaTopics(config.prefix);
  const partitionOf = new Map<string, number>();
  /** Partitions of the boxes' topic that are this hub's. */
  let assigned: ReadonlySet<number> = new Set();
  let generation = 0;
  let closed = false;
  let lookedUp = 0;
  let reached: Place[] = [];
  /** Places behind what was read since the last commit, by topic and partition. */
  const next = new Map<string, Place>();

  async function takeOver(places: readonly Place[]): Promise<void> {
    generation += 1;
    const current = generation;
    for (;;) {
      const isReady = await options.takeOver().then(
        () => true,
        (error: unknown) => options.onFailure(error),
      );
      if (current !== generation || closed) return; // they went on to another hub meanwhile
      if (isReady) break;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    consumer.assign(places);
    const own = places.filter(({ topic }) => topic === topics.up).map(({ partition }) => partition);
    assigned = new Set(own);
    options.onPartitions();
  }

  function giveUp(): void {
    generation += 1;
    commit();
    consumer.unassign();
    next.clear();
    reached = [];
    assigned = new Set();
    for (const box of partitionOf.keys()) presence.forget(box);
    partitionOf.clear();
    options.onPartitions();
  }

  const rebalance = (error: KafkaError, places: Place[]) => {
    if (error.code === assign) takeOver(places).catch(options.onFailure);
    else giveUp();
  };
  const opened: KafkaClient[] = [];
  async function open() {
    const { partitions } = config;
    await ensureTopics(kafka, config, [
      { name: topics.up, partitions },
      { name: topics.scans, partitions },
    ]);
    const producer = await openProducer(kafka, config, options.id);
    opened.push(producer);
    const consumer = await openConsumer(kafka, config, options.id, `${config.prefix}.hubs`, {
      rebalance_cb: rebalance,
    });
    opened.push(consumer);
    return { producer, consumer, gossip: await openGossip(options, producer) };
  }
  const { producer, consumer, gossip } = await open().catch(async (error: Error) => {
    await Promise.all(opened.map(disconnected));
    throw faults.fault('link.kafka', { detail: error.message }, config.brokers.join(), error);
  });
  for (const client of opened) client.on('event.error', options.onFailure);
  const presence = createPresence(options);
  consumer.subscribe([topics.up, topics.scans]);

  /** A box that is not known may have enrolled at another hub; strangers do not make it look all the time. */
  async function lookUp(): Promise<void> {
    if (options.now() - lookedUp < lookUpMs) return;
    lookedUp = options.now();
    await options.lookUp();
  }

  async function take(message: KafkaMessage): Promise<void> {
    const box = keyOf(message);
    const value = message.value ?? Buffer.alloc(0);
    if (!options.sender(box)) await lookUp();
    const sender = options.sender(box);
    if (!sender) return options.onRefused(box, faults.problem('link.unknown', { box }));
    if (!isSignedBy(sender.verifier, signatureOf(message), message.topic, box, value))
      return options.onRefused(box, faults.problem('ingest.signature', { box }));
    partitionOf.set(box, message.partition);
    presence.heard(box);
    await (message.topic === topics.scans ? options.onScans(box, value) : options.onUp(box, value));
  }

  /** Where reading goes on, of what is stored. */
  function commit(): void {
    if (reached.length === 0) return;
    try {
      consumer.commit(reached);
      reached = [];
    } catch {
      // the partition has gone to another hub, which reads it again
    }
  }

  async function read(): Promise<void> {
    let committed = options.now();
    while (!closed) {
      try {
        for (const message of await consume(consumer)) {
          // Of a partition that has gone to another hub, which reads it again.
          if (!assigned.has(message.partition)) continue;
          await take(message);
          const { topic, partition, offset } = message;
          next.set(`${topic} ${partition}`, { topic, partition, offset: offset + 1 });
        }
      } catch (error) {
        if (!closed) options.onFailure(error);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      if (next.size === 0 || options.now() - committed < commitMs) continue;
      committed = options.now();
      const places = [...next.values()];
      next.clear();
      options.settled().then((stored) => {
        if (closed || !stored) return;
        reached = places;
        commit();
      }, options.onFailure);
    }
  }
  const reading = read();

  return {
    boxes: () => presence.boxes(),
    connected: (box: string): boolean => presence.has(box),
    /** Partitions of the boxes' topic that are this hub's at the moment. */
    partitions: () => assigned,
    /** Tells the other hubs how a box of this one does. */
    tell: gossip.tell,
    /** False when nothing was heard from the box for a while, here or at another hub. */
    send(box: string, message: Downward): boolean {
      if (!presence.has(box) && !options.elsewhere(box)) return false;
      const topic = topics.down(box);
      const value = Buffer.from(JSON.stringify(message));
      const signature = recordSignature(topic, box, value, options.signer);
      try {
        producer.produce(topic, null, value, box, null, null, [{ signature }]);
        return true;
      } catch (error) {
        options.onFailure(error);
        return false;
      }
    },
    async close(): Promise<void> {
      closed = true;
      presence.close();
      await reading;
      await gossip.close();
      await new Promise<void>((resolve) => producer.flush(2000, () => resolve()));
      await Promise.all([disconnected(producer), disconnected(consumer)]);
    },
  };
}
export type KafkaHubLink = Awaited<ReturnType<typeof openKafkaLink>>;
