import { existsSync } from 'node:fs';
import mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BrokerLink } from '#edge/uplink/broker-link';
import { KafkaLink } from '#edge/uplink/kafka-link';
import { Link, type LinkOptions, type Transport } from '#edge/uplink/link';
import { nativeSigner, nativeVerifier } from '#firmware-config/ed25519';
import { disconnected, loadKafka, openProducer } from '#firmware-config/kafka/client';
import { kafkaTopics } from '#firmware-config/kafka/config';
import { recordSignature } from '#firmware-config/kafka/sign';
import { mqttTopics } from '#firmware-config/mqtt/config';
import { seal } from '#firmware-config/mqtt/seal';
import { fromBase64, type Signer, signDocument } from '#flows/trust/sign';
import type { Acknowledgement, Batch, Downward } from '#flows/wire';
import type { EventPage } from '#hub/api/types';
import { Chain, enrol, type Identity } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';
import { testKafka } from '#test/support/kafka';
import { type Mosquitto, mosquitto } from '#test/support/mosquitto';

const kafka = await testKafka();
const what = kafka?.what ?? 'not here (npm run setup:kafka -- --broker)';
afterAll(() => kafka?.stop(), 30_000);
let prefixes = 0;
let broker: Mosquitto | undefined;
const hasMosquitto = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].some((path) => existsSync(path));
beforeAll(async () => {
  if (hasMosquitto) broker = await mosquitto();
}, 60_000);
afterAll(() => broker?.stop(), 30_000);

/** What boxes and hub have in their configs, each test with names of its own. */
type Way = 'own' | 'mosquitto' | 'kafka';
const configOf = (way: Way, prefix: string) => ({
  ...(way === 'kafka' && {
    kafka: { brokers: [...(kafka?.brokers ?? [])], prefix, partitions: 4, replication: 1 },
  }),
  ...(way === 'mosquitto' && { mqtt: { url: broker?.url ?? '', prefix } }),
});

/** As somebody who may write to the broker and has not the hub's key. */
async function writeDown(config: ReturnType<typeof configOf>, box: string, value: Buffer): Promise<void> {
  const signer = nativeSigner(new Uint8Array(32).fill(8));
  if (config.mqtt) {
    const { down } = mqttTopics(config.mqtt.prefix, box);
    const client = await mqtt.connectAsync(config.mqtt.url);
    await client.publishAsync(down, seal(down, box, value, signer), { qos: 1 });
    await client.endAsync();
  }
  const kafkaClient = config.kafka && (await loadKafka());
  if (!config.kafka || !kafkaClient) return;
  const topic = kafkaTopics(config.kafka.prefix).down(box);
  const producer = await openProducer(kafkaClient, config.kafka, 'somebody');
  producer.produce(topic, null, value, box, null, null, [
    { signature: recordSignature(topic, box, value, signer) },
  ]);
  await new Promise<void>((resolve) => producer.flush(5000, () => resolve()));
  await disconnected(producer);
}

/** One end of a link as a box has it. */
class End {
  readonly transport: Transport;
  readonly received: Downward[] = [];
  readonly problems: string[] = [];
  readonly identity: Identity;
  downs = 0;

  constructor(identity: Identity, config: ReturnType<typeof configOf>, signer: Signer = identity.signer) {
    this.identity = identity;
    const options: LinkOptions = {
      credentials: () => identity,
      random: Math.random,
      monotonic: () => performance.now(),
      onUp: () => undefined,
      onDown: () => {
        this.downs += 1;
      },
      onPayload: (payload) => this.received.push(JSON.parse(Buffer.from(payload).toString()) as Downward),
    };
    const hub = nativeVerifier(fromBase64(identity.releaseKey) ?? new Uint8Array());
    const signed = {
      ...options,
      signer,
      hub,
      onProblem: ({ code }: { readonly code: string }) => void this.problems.push(code),
    };
    if (config.kafka) this.transport = new KafkaLink({ ...signed, kafka: config.kafka });
    else this.transport = config.mqtt ? new BrokerLink({ ...signed, mqtt: config.mqtt }) : new Link(options);
    this.transport.start();
  }

  send(batch: Omit<Batch, 'signature'>, signer = this.identity.signer): boolean {
    return this.transport.send(JSON.stringify(signDocument(batch, signer)));
  }

  acknowledged(priority: string): number {
    const all = this.received.filter((one): one is Acknowledgement => one.kind === 'acknowledgement');
    return Math.max(0, ...all.filter((one) => one.priority === priority).map(({ upto }) => upto));
  }

  refusals(): string[] {
    return this.received.flatMap((one) =>
      one.kind === 'acknowledgement' && one.refused ? [one.refused.code] : [],
    );
  }
}

const transports: { readonly name: string; readonly present: boolean; readonly way: Way }[] = [
  { name: "MQTT 3.1.1, the hub's own broker", present: true, way: 'own' },
  { name: 'MQTT 3.1.1, a real mosquitto', present: hasMosquitto, way: 'mosquitto' },
  { name: `Kafka: ${what}`, present: kafka !== undefined, way: 'kafka' },
];

describe.each(transports)('$name', ({ present, way }) => {
  let hub: TestHub;
  let config: ReturnType<typeof configOf>;
  let ends: End[] = [];
  const stored = async () =>
    (await hub.json<EventPage>('/events?limit=1000')).events.map(({ event }) => event);

  beforeEach(async () => {
    prefixes += 1;
    config = configOf(way, `t${prefixes}`);
    hub = await startHub(present ? config : {});
  }, 60_000);
  afterEach(async () => {
    await Promise.all(ends.map(({ transport }) => transport.stop()));
    ends = [];
    await hub.close();
  }, 60_000);

  async function box(name: string): Promise<End> {
    const end = new End(await enrol(await hub.token(name), name), config);
    ends.push(end);
    await until(() => end.transport.up, 'the link is up');
    return end;
  }
  const limit = { timeout: 90_000 };

  test.runIf(present)(
    'acknowledged when stored, each event once and in order, sent twice or not',
    limit,
    async () => {
      const [one, two] = [await box('one'), await box('two')];
      const chains = [one, two].map(({ identity }) => new Chain(identity.box, 'quay'));
      for (let round = 0; round < 5; round += 1)
        for (const [i, end] of [one, two].entries()) {
          const chain = chains[i] as Chain;
          const batch = chain.batch(
            'telemetry',
            Array.from({ length: 20 }, () => chain.event('telemetry')),
          );
          end.send(batch);
          end.send(batch);
        }
      await until(
        () => [one, two].every((end) => end.acknowledged('telemetry') === 100),
        'all is acknowledged',
      );
      const events = await stored();
      for (const { identity } of [one, two]) {
        const own = events.filter((event) => event.box === identity.box).map(({ sequence }) => sequence);
        expect(own).toEqual(Array.from({ length: 100 }, (_, n) => 100 - n));
      }
      expect([...one.refusals(), ...two.refusals()]).toEqual([]);
    },
  );

  test.runIf(present)(
    'nobody writes as another, and what does not follow is refused by name',
    limit,
    async () => {
      const [one, two] = [await box('one'), await box('two')];
      const chain = new Chain(one.identity.box, 'quay');
      one.send(chain.batch('alarm', [chain.event('alarm')]), two.identity.signer);
      await until(() => one.refusals().includes('ingest.signature'), 'the foreign signature is refused');
      chain.event('alarm');
      one.send(chain.batch('alarm', [chain.event('alarm')]));
      await until(() => one.refusals().includes('ingest.gap'), 'the gap is refused');
      expect((await stored()).filter((event) => event.box === one.identity.box)).toEqual([]);
      expect(one.acknowledged('alarm')).toBe(0);
    },
  );

  test.runIf(present)(
    'the hub is away and comes back: what is sent again is stored once',
    limit,
    async () => {
      const one = await box('one');
      const chain = new Chain(one.identity.box, 'quay');
      const first = chain.batch('verdict', [chain.event('verdict'), chain.event('verdict')]);
      one.send(first);
      await until(() => one.acknowledged('verdict') === 2, 'the first batch is acknowledged');
      const ports = hub.hub.ports;
      Object.assign(hub.config, { broker: `127.0.0.1:${ports.broker}` });
      await hub.restart();
      one.received.length = 0;
      const second = chain.batch('verdict', [chain.event('verdict')]);
      await until(() => {
        one.send(first);
        one.send(second);
        return one.acknowledged('verdict') === 3;
      }, 'the second batch is acknowledged');
      expect((await stored()).filter(({ box: of }) => of === one.identity.box)).toHaveLength(3);
    },
  );

  test.runIf(present && way !== 'own')(
    'a record that another key has signed is not taken, in either direction',
    limit,
    async () => {
      const one = await box('one');
      const forger = new End(one.identity, config, nativeSigner(new Uint8Array(32).fill(9)));
      ends.push(forger);
      await until(() => forger.transport.up, 'the forger is up');
      const chain = new Chain(one.identity.box, 'quay');
      forger.send(chain.batch('alarm', [chain.event('alarm')]));
      const overview = () => hub.log.join('\n').includes('ingest.signature');
      await until(overview, 'the hub has said that it was forged');
      expect((await stored()).filter(({ box: of }) => of === one.identity.box)).toEqual([]);

      // Under one name a broker has one of them at a time: what follows is for the box.
      await forger.transport.stop();
      await until(() => one.transport.up, 'the box is up again');
      const acknowledgement = { kind: 'acknowledgement', priority: 'alarm', upto: 99 };
      await writeDown(config, one.identity.box, Buffer.from(JSON.stringify(acknowledgement)));
      await until(() => one.problems.includes('command.signature'), 'the box has said that it was forged');
      expect(one.acknowledged('alarm')).toBe(0);
    },
  );
});
