import { nativeSigner, nativeVerifier } from '#firmware-config/ed25519';
import { ensureTopics, loadKafka, openProducer } from '#firmware-config/kafka/client';
import { kafkaTopics } from '#firmware-config/kafka/config';
import { recordSignature } from '#firmware-config/kafka/sign';
import { createIngest } from '#hub/ingest/ingest';
import { openKafkaLink } from '#hub/link/kafka';
import { createMetrics } from '#hub/metrics';
import type { Store } from '#hub/store/store';
import { until } from '#test/support/hub';
import { boxes, keys, payloads, perRound, site } from './load.ts';

/** Rounds in Kafka at once: a link that is read in portions shows its rate over many. */
const roundsAtOnce = 4;

/** As `ours`, with the batches as records of boxes in Kafka: written there, read, checked, stored and acknowledged. */
export async function overKafka(store: Store, brokers: readonly string[]) {
  const signer = nativeSigner(keys.secret);
  const verifier = nativeVerifier(keys.open);
  const config = { brokers: [...brokers], prefix: 'bench', partitions: 8, replication: 1 };
  /** Last sequence of each box that was answered: one answer may be for several batches. */
  const answered = new Map<string, number>();
  const acknowledged = (): number => [...answered.values()].reduce((sum, upto) => sum + upto, 0);
  const failed = (error: unknown) => {
    throw error;
  };
  const ingest = await createIngest({
    store,
    metrics: createMetrics(),
    now: Date.now,
    sender: () => ({ site, verifier }),
    acknowledge: (box, acknowledgement) => {
      if (acknowledgement.refused) throw new Error(acknowledgement.refused.message);
      answered.set(box, acknowledgement.upto);
      link.send(box, acknowledgement);
    },
    onStored: () => undefined,
    onMessage: () => undefined,
    onRefused: (_box, problem) => failed(new Error(problem.message)),
    onFailure: failed,
  });
  const nothing = () => undefined;
  let partitions = 0;
  const link = await openKafkaLink({
    config,
    id: 'hub-1',
    signer,
    releaseKey: keys.open,
    now: Date.now,
    sender: () => ({ verifier }),
    elsewhere: () => false,
    onUp: ingest.take,
    onScans: nothing,
    onReady: nothing,
    onLink: nothing,
    onBox: nothing,
    onRefused: (_box, problem) => failed(new Error(problem.message)),
    onFailure: nothing,
    onPartitions: () => {
      partitions = link.partitions().size;
    },
    lookUp: async () => undefined,
    takeOver: ingest.refresh,
    settled: ingest.settled,
  });
  const kafka = await loadKafka();
  if (!kafka) throw new Error('node-rdkafka is not built');
  const producer = await openProducer(kafka, config, 'boxes');
  const { up: topic, down } = kafkaTopics(config.prefix);
  const downs = Array.from({ length: boxes }, (_, n) => ({ name: down(`box-${n}`), partitions: 1 }));
  await ensureTopics(kafka, config, downs);
  await until(() => partitions === config.partitions, 'the hub has its partitions');
  let round = 0;
  return {
    async perSecond(): Promise<number> {
      const given = Array.from({ length: roundsAtOnce }, () => [...payloads(round++)]).flat(2);
      const records = given.map(([box, payload]) => ({
        box,
        payload,
        signature: recordSignature(topic, box, payload, signer),
      }));
      const wanted = perRound * roundsAtOnce;
      const before = acknowledged();
      const from = performance.now();
      for (const { box, payload, signature } of records)
        producer.produce(topic, null, payload, box, null, null, [{ signature }]);
      await until(() => acknowledged() - before >= wanted, 'all is acknowledged', 300_000);
      const perSecond = (wanted * 1000) / (performance.now() - from);
      if (acknowledged() - before !== wanted)
        throw new Error(`acknowledged ${acknowledged() - before} of ${wanted} events`);
      return perSecond;
    },
    async close(): Promise<void> {
      await new Promise((resolve) => producer.disconnect(() => resolve(undefined)));
      await link.close();
      await ingest.idle();
    },
  };
}
