import {
  connectMs,
  consume,
  disconnected,
  ensureTopics,
  type KafkaConsumer,
  type KafkaError,
  type KafkaProducer,
  keyOf,
  loadKafka,
  openConsumer,
  openProducer,
  signatureOf,
} from '#firmware-config/kafka/client';
import { type KafkaConfig, kafkaTopics } from '#firmware-config/kafka/config';
import { isSignedBy, recordSignature } from '#firmware-config/kafka/sign';
import { Fault, type Problem } from '#flows/fault';
import type { Signer, Verifier } from '#flows/trust/sign';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import type { LinkOptions, LinkState, Transport } from './link.ts';
import { reconnectWaitMs } from './reconnect.ts';

export interface KafkaLinkOptions extends LinkOptions {
  readonly kafka: KafkaConfig;
  readonly signer: Signer;
  /** Of the hub's key: what comes down counts with its signature alone. */
  readonly hub: Verifier;
  readonly onProblem: (problem: Problem) => void;
}

/** Of librdkafka: no broker can be reached. */
const allBrokersDown = -187;
const stableMs = 30_000;

/**
 * The link by way of Kafka. A record that Kafka has taken is not acknowledged: that the hub's own record is, on the
 * topic of this box, signed by the hub.
 */
export class KafkaLink implements Transport {
  readonly #options: KafkaLinkOptions;
  #producer: KafkaProducer | undefined;
  #consumer: KafkaConsumer | undefined;
  #state: LinkState = { state: 'stopped' };
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #upAt: number | undefined;
  #stopped = false;
  /** Counts tries: what belongs to an earlier one is not listened to. */
  #try = 0;
  #waitingBytes = 0;

  constructor(options: KafkaLinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  get up(): boolean {
    return this.#upAt !== undefined;
  }

  /** Bytes that Kafka has not taken yet. */
  get backlogBytes(): number {
    return this.#waitingBytes;
  }

  start(): void {
    this.#state = { ...this.#state, state: 'connecting' };
    this.#try += 1;
    const current = this.#try;
    this.#open(current).catch((error: unknown) => {
      if (current !== this.#try) return;
      const problem = error instanceof Fault ? error.problem : undefined;
      this.#down(problem ?? faults.problem('link.lost', { detail: detailOf(error) }));
    });
  }

  async #open(current: number): Promise<void> {
    const { kafka: config, credentials } = this.#options;
    const { box } = credentials();
    const kafka = await loadKafka();
    if (!kafka) throw faults.fault('link.kafka');
    const down = kafkaTopics(config.prefix).down(box);
    await ensureTopics(kafka, config, [{ name: down, partitions: 1 }]);
    const producer = await openProducer(kafka, config, box);
    const consumer = await openConsumer(kafka, config, box, `${config.prefix}.box.${box}`);
    const end = await new Promise<number>((resolve, reject) => {
      consumer.queryWatermarkOffsets(down, 0, connectMs, (error, offsets) =>
        error ? reject(error) : resolve(offsets.highOffset),
      );
    });
    if (current !== this.#try || this.#stopped) {
      await Promise.all([disconnected(producer), disconnected(consumer)]);
      return;
    }
    for (const client of [producer, consumer])
      client.on('event.error', (error: KafkaError) => {
        if (current === this.#try && error.code === allBrokersDown) this.reset(error.message);
      });
    producer.on('delivery-report', (_error: KafkaError | null, report: { size?: number }) => {
      if (current === this.#try) this.#waitingBytes -= report.size ?? 0;
    });
    consumer.assign([{ topic: down, partition: 0, offset: end }]);
    this.#producer = producer;
    this.#consumer = consumer;
    this.#waitingBytes = 0;
    this.#upAt = this.#options.monotonic();
    this.#state = { state: 'connected' };
    this.#options.onUp();
    void this.#read(current, consumer, down, box);
  }

  async #read(current: number, consumer: KafkaConsumer, topic: string, box: string): Promise<void> {
    while (current === this.#try && !this.#stopped) {
      try {
        for (const message of await consume(consumer)) {
          const value = message.value ?? Buffer.alloc(0);
          const ours =
            keyOf(message) === box && isSignedBy(this.#options.hub, signatureOf(message), topic, box, value);
          if (ours) this.#options.onPayload(value);
          else this.#options.onProblem(faults.problem('command.signature', { kind: 'record' }));
        }
      } catch (error) {
        if (current === this.#try && !this.#stopped) this.reset(detailOf(error));
        return;
      }
    }
  }

  send(payload: string | Buffer): boolean {
    return this.#produce(
      kafkaTopics(this.#options.kafka.prefix).up,
      typeof payload === 'string' ? Buffer.from(payload) : payload,
    );
  }

  sendScans(payload: Uint8Array): boolean {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    return this.#produce(kafkaTopics(this.#options.kafka.prefix).scans, bytes);
  }

  #produce(topic: string, value: Buffer): boolean {
    if (!this.up || !this.#producer) return false;
    const { box } = this.#options.credentials();
    const signature = recordSignature(topic, box, value, this.#options.signer);
    try {
      this.#producer.produce(topic, null, value, box, null, null, [{ signature }]);
      this.#waitingBytes += value.length;
      return true;
    } catch {
      return false; // its queue is full: it is sent again when the hub has not answered
    }
  }

  reset(detail: string): void {
    this.#down(faults.problem('link.lost', { detail }));
  }

  #down(problem: Problem): void {
    const { monotonic, random, onDown } = this.#options;
    const upAt = this.#upAt;
    this.#try += 1;
    this.#upAt = undefined;
    void this.#close();
    if (upAt !== undefined && monotonic() - upAt >= stableMs) this.#failures = 0;
    this.#failures += 1;
    if (upAt !== undefined) onDown();
    if (this.#stopped) return;
    this.#state = { state: 'backoff', problem };
    this.#timer = setTimeout(() => this.start(), reconnectWaitMs(this.#failures, random));
  }

  async #close(): Promise<void> {
    const [producer, consumer] = [this.#producer, this.#consumer];
    this.#producer = undefined;
    this.#consumer = undefined;
    await Promise.all([disconnected(producer), disconnected(consumer)]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#try += 1;
    clearTimeout(this.#timer);
    const producer = this.#producer;
    if (this.up && producer) await new Promise<void>((resolve) => producer.flush(2000, () => resolve()));
    this.#upAt = undefined;
    this.#state = { state: 'stopped' };
    await this.#close();
  }
}
