import { nativeVerifier } from '#firmware-config/ed25519';
import {
  consume,
  disconnected,
  ensureTopics,
  type KafkaProducer,
  keyOf,
  loadKafka,
  openConsumer,
  signatureOf,
} from '#firmware-config/kafka/client';
import { type KafkaConfig, kafkaTopics } from '#firmware-config/kafka/config';
import { isSignedBy, recordSignature } from '#firmware-config/kafka/sign';
import type { Signer } from '#flows/trust/sign';
import type { BoxView } from '../api/types.ts';
import { faults } from '../faults.ts';

export interface GossipOptions {
  readonly config: KafkaConfig;
  /** Name of this hub among the clients. */
  readonly id: string;
  readonly signer: Signer;
  /** Public key of `signer`, which all hubs of a group share. */
  readonly releaseKey: Uint8Array;
  /** How a box does that another hub has. */
  readonly onBox: (view: BoxView) => void;
  readonly onFailure: (error: unknown) => void;
}

const retryMs = 1000;
/** Of librdkafka: behind the last record. */
const newest = -1;

/**
 * What the hubs of a group tell each other: how the boxes do that each has, so that every screen shows all of them. Only what
 * comes from now on is read; what was before, the store tells. Throws `link.kafka`.
 */
export async function openGossip(options: GossipOptions, producer: KafkaProducer) {
  const { config, id, signer } = options;
  const kafka = await loadKafka();
  if (!kafka) throw faults.fault('link.kafka', { detail: 'node-rdkafka is not built' });
  const topic = kafkaTopics(config.prefix).hubs;
  const verifier = nativeVerifier(options.releaseKey);
  await ensureTopics(kafka, config, [{ name: topic, partitions: 1 }]);
  const consumer = await openConsumer(kafka, config, id, `${config.prefix}.gossip.${id}`);
  consumer.on('event.error', options.onFailure);
  consumer.assign([{ topic, partition: 0, offset: newest }]);
  let closed = false;

  async function read(): Promise<void> {
    while (!closed) {
      try {
        for (const message of await consume(consumer)) {
          const value = message.value ?? Buffer.alloc(0);
          const from = keyOf(message);
          if (from === id || !isSignedBy(verifier, signatureOf(message), topic, from, value)) continue;
          options.onBox(JSON.parse(value.toString()) as BoxView);
        }
      } catch (error) {
        if (closed) return;
        options.onFailure(error);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }
  const reading = read();

  return {
    tell(view: BoxView): void {
      const value = Buffer.from(JSON.stringify(view));
      try {
        producer.produce(topic, null, value, id, null, null, [
          { signature: recordSignature(topic, id, value, signer) },
        ]);
      } catch (error) {
        options.onFailure(error);
      }
    },
    async close(): Promise<void> {
      closed = true;
      await reading;
      await disconnected(consumer);
    },
  };
}
