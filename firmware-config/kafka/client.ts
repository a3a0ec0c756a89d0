import type { KafkaConfig } from './config.ts';

/** What is used of node-rdkafka, which is there only where `npm run setup:kafka` has built it. */
export interface KafkaMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: readonly Record<string, Buffer | string>[];
}
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset?: number;
}
export interface KafkaError extends Error {
  readonly code?: number;
}
type Done = (error: KafkaError | null) => void;
export interface KafkaClient {
  connect(options: { timeout: number }, done: Done): unknown;
  disconnect(done: () => void): unknown;
  on(event: string, listener: (...values: never[]) => void): unknown;
  queryWatermarkOffsets(
    topic: string,
    partition: number,
    timeout: number,
    done: (error: KafkaError | null, offsets: { highOffset: number }) => void,
  ): unknown;
}
export interface KafkaProducer extends KafkaClient {
  produce(
    topic: string,
    partition: null,
    value: Buffer,
    key: string,
    timestamp: null,
    opaque: null,
    headers: { signature: string }[],
  ): unknown;
  setPollInterval(ms: number): unknown;
  flush(ms: number, done: Done): unknown;
}
export interface KafkaConsumer extends KafkaClient {
  subscribe(topics: readonly string[]): unknown;
  assign(places: readonly Place[]): unknown;
  unassign(): unknown;
  setDefaultConsumeTimeout(ms: number): void;
  consume(most: number, done: (error: KafkaError | null, messages: KafkaMessage[]) => void): void;
  commit(places: readonly Place[]): unknown;
}
interface Admin {
  createTopic(
    topic: {
      topic: string;
      num_partitions: number;
      replication_factor: number;
      config?: Record<string, string>;
    },
    timeout: number,
    done: Done,
  ): void;
  disconnect(): void;
}
export interface Kafka {
  readonly Producer: new (conf: object, topic: object) => KafkaProducer;
  readonly KafkaConsumer: new (conf: object, topic: object) => KafkaConsumer;
  readonly AdminClient: { create(conf: object): Admin };
}

/** Undefined where it is not built. */
export async function loadKafka(): Promise<Kafka | undefined> {
  const name: string = 'node-rdkafka';
  const loaded = (await import(name).catch(() => undefined)) as (Kafka & { default?: Kafka }) | undefined;
  return loaded?.default ?? loaded; // it is a CommonJS module
}

export const connectMs = 30_000;
const topicExists = 36;

/** Settings that all clients share, in librdkafka's names. */
export const common = ({ brokers, tls }: KafkaConfig, id: string): Record<string, unknown> => ({
  'metadata.broker.list': brokers.join(','),
  'client.id': id,
  'socket.keepalive.enable': true,
  'reconnect.backoff.ms': 250,
  'reconnect.backoff.max.ms': 10_000,
  ...(tls && {
    'security.protocol': 'ssl',
    'ssl.ca.location': tls.authority,
    'ssl.certificate.location': tls.certificate,
    'ssl.key.location': tls.key,
  }),
});

/** Makes topics that are not there yet. */
export async function ensureTopics(
  kafka: Kafka,
  config: KafkaConfig,
  topics: readonly { name: string; partitions: number }[],
): Promise<void> {
  const admin = kafka.AdminClient.create(common(config, 'quaywatch-admin'));
  try {
    for (const { name, partitions } of topics)
      await new Promise<void>((resolve, reject) => {
        const topic = {
          topic: name,
          num_partitions: partitions,
          replication_factor: config.replication,
          config: { 'max.message.bytes': '4000000' },
        };
        admin.createTopic(topic, connectMs, (error) =>
          error && error.code !== topicExists ? reject(error) : resolve(),
        );
      });
  } finally {
    admin.disconnect();
  }
}

/**
 * A producer that neither doubles nor reorders what it retries; a record that is not taken within half a minute is
 * given up, since its sender keeps it and sends it again.
 */
export async function openProducer(kafka: Kafka, config: KafkaConfig, id: string): Promise<KafkaProducer> {
  const producer = new kafka.Producer(
    {
      ...common(config, id),
      'enable.idempotence': true,
      dr_cb: true,
      'compression.codec': 'lz4',
      'linger.ms': 5,
      'message.max.bytes': 4_000_000,
    },
    { 'message.timeout.ms': 30_000, partitioner: 'murmur2' },
  );
  await connected(producer);
  producer.setPollInterval(100);
  return producer;
}

export async function openConsumer(
  kafka: Kafka,
  config: KafkaConfig,
  id: string,
  group: string,
  more: object = {},
): Promise<KafkaConsumer> {
  const consumer = new kafka.KafkaConsumer(
    {
      ...common(config, id),
      'group.id': group,
      'enable.auto.commit': false,
      'fetch.wait.max.ms': 50,
      'session.timeout.ms': 6000,
      'heartbeat.interval.ms': 1000,
      ...more,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  await connected(consumer);
  return consumer;
}

function connected(client: KafkaClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.connect({ timeout: connectMs }, (error) => {
      if (!error) return resolve();
      client.disconnect(() => undefined);
      reject(error);
    });
  });
}

export const disconnected = (client: KafkaClient | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (!client) return resolve();
    const late = setTimeout(resolve, 5000); // a client that cannot reach its brokers may take its time
    client.disconnect(() => {
      clearTimeout(late);
      resolve();
    });
  });

const waitMs = 100;
const atOnce = 100;

const consumed = (consumer: KafkaConsumer, most: number, timeoutMs: number): Promise<KafkaMessage[]> =>
  new Promise((resolve, reject) => {
    consumer.setDefaultConsumeTimeout(timeoutMs);
    consumer.consume(most, (error, messages) => (error ? reject(error) : resolve(messages)));
  });

/**
 * The next records; empty when none came in a moment. It waits for one and takes those that are there with it: the client
 * by itself would wait for more until none came for as long.
 */
export async function consume(consumer: KafkaConsumer): Promise<KafkaMessage[]> {
  const first = await consumed(consumer, 1, waitMs);
  if (first.length === 0) return first;
  // An error here would take the first along; the next read tells of it.
  const rest = await consumed(consumer, atOnce, 0).catch(() => []);
  return [...first, ...rest];
}

export const keyOf = ({ key }: KafkaMessage): string => (key == null ? '' : key.toString());
export const signatureOf = ({ headers }: KafkaMessage): string =>
  headers?.find((header) => 'signature' in header)?.signature?.toString() ?? '';
