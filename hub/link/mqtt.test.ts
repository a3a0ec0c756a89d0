import { existsSync } from 'node:fs';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mqttTopics } from '#firmware-config/mqtt/config';
import { seal } from '#firmware-config/mqtt/seal';
import { keyPair, signer, verifier } from '#flows/trust/sign';
import { until } from '#test/support/hub';
import { type Mosquitto, mosquitto } from '#test/support/mosquitto';
import { type MqttHubLink, openMqttLink } from './mqtt.ts';

const keys = keyPair(new Uint8Array(32).fill(3));
const [box, prefix] = ['b-1', 'port'];
const { up, down } = mqttTopics(prefix, box);
let broker: Mosquitto;
let hubs = 0;
/** A hub that the broker has not seen: nothing of an earlier test waits for it. */
const freshId = () => `hub-${++hubs}`;

/** A hub's end of the link of which the test says when what came is stored. */
function open(id = freshId(), url = broker.url) {
  const came: string[] = [];
  const refused: string[] = [];
  const failures: string[] = [];
  const stores: ((stored: boolean) => void)[] = [];
  const link: MqttHubLink = openMqttLink({
    config: { url, prefix },
    id,
    signer: signer(keys.secret),
    now: Date.now,
    sender: (name) => (name === box ? { verifier: verifier(keys.open) } : undefined),
    onUp: (_box, payload) => void came.push(Buffer.from(payload).toString()),
    onScans: () => undefined,
    onReady: () => undefined,
    onLink: () => undefined,
    onRefused: (_box, { code }) => void refused.push(code),
    onFailure: (error) => void failures.push((error as Error).message),
    settled: () => new Promise((resolve) => stores.push(resolve)),
  });
  return {
    link,
    came,
    refused,
    failures,
    store: (stored: boolean): void => {
      for (const say of stores.splice(0)) say(stored);
    },
  };
}

/** A client of the broker that may write whatever it likes. */
async function somebody() {
  const client = await mqtt.connectAsync(broker.url);
  return {
    client,
    say: (text: string, topic = up, as = box) =>
      client.publishAsync(topic, seal(topic, as, Buffer.from(text), signer(keys.secret)), { qos: 1 }),
  };
}

const present = existsSync('/usr/sbin/mosquitto') || existsSync('/usr/bin/mosquitto');
describe.runIf(present)('a link by way of a real mosquitto', () => {
  beforeAll(async () => {
    broker = await mosquitto();
  });
  afterAll(() => broker.stop());

  test('the broker keeps what is not stored, and gives it again to the next hub of the same name', async () => {
    const id = freshId();
    const [first, box1] = [open(id), await somebody()];
    await until(async () => {
      await box1.say('first');
      return first.came.length > 0;
    }, 'the hub has subscribed');
    first.store(true);
    await box1.say('kept');
    await until(() => first.came.includes('kept'), 'it came');
    await first.link.close(); // as a kill: nothing of it was stored
    await box1.say('while away');
    const second = open(id);
    await until(() => second.came.includes('while away'), 'all of it comes');
    expect(second.came.slice(-2)).toEqual(['kept', 'while away']);
    second.store(true);
    await until(async () => {
      await box1.say('last');
      second.store(true);
      return second.came.includes('last');
    });
    await second.link.close();
    const third = open(id);
    await until(async () => {
      await box1.say('probe');
      return third.came.includes('probe');
    });
    expect(third.came).not.toContain('kept');
    await third.link.close();
    await box1.client.endAsync();
  });

  test('what the store failed to keep comes again without anybody asking', { timeout: 60_000 }, async () => {
    const [hub, box1] = [open(), await somebody()];
    await until(async () => {
      await box1.say('hello');
      return hub.came.includes('hello');
    });
    hub.store(true);
    await box1.say('twice');
    await until(() => hub.came.includes('twice'), 'it comes');
    await until(() => {
      hub.store(false);
      return hub.failures.length > 0;
    }, 'the connection is cut');
    await until(() => {
      hub.store(true);
      return hub.came.filter((text) => text === 'twice').length === 2;
    }, 'it comes again');
    await hub.link.close();
    await box1.client.endAsync();
  });

  test('who has not the key of the box, or is no box, is refused and stops nobody', async () => {
    const [hub, box1] = [open(), await somebody()];
    const forged = seal(up, box, Buffer.from('forged'), signer(new Uint8Array(32).fill(4)));
    await until(async () => {
      await box1.say('hello');
      return hub.came.includes('hello');
    });
    await box1.client.publishAsync(up, forged, { qos: 1 });
    await box1.client.publishAsync(up, 'no seal at all', { qos: 1 });
    await box1.say('stranger', mqttTopics(prefix, 'b-2').up, 'b-2');
    await box1.say('fine');
    await until(() => hub.came.includes('fine'), 'the good one comes');
    expect(hub.refused).toEqual(['ingest.signature', 'ingest.signature', 'link.unknown']);
    expect(hub.came).not.toContain('forged');
    await hub.link.close();
    await box1.client.endAsync();
  });

  test('what goes down is sealed, and only to who was heard', async () => {
    const [hub, box1] = [open(), await somebody()];
    const acknowledgement = { kind: 'acknowledgement', priority: 'alarm', upto: 1 } as const;
    expect(hub.link.send(box, acknowledgement)).toBe(false);
    const got: Buffer[] = [];
    box1.client.on('message', (_topic, payload) => void got.push(payload));
    await box1.client.subscribeAsync(down, { qos: 1 });
    await until(async () => {
      await box1.say('hello');
      return hub.link.send(box, acknowledgement);
    });
    await until(() => got.length > 0, 'it comes down');
    expect(got[0]).toEqual(
      seal(down, box, Buffer.from(JSON.stringify(acknowledgement)), signer(keys.secret)),
    );
    await hub.link.close();
    await box1.client.endAsync();
  });
});

test('a broker that is away is told of once, and the hub runs', async () => {
  const hub = open('hub-1', 'mqtt://127.0.0.1:9');
  await until(() => hub.failures.length > 0, 'it is told');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(hub.failures).toHaveLength(1);
  await hub.link.close();
});

test('files of the config that cannot be read are a clear error', () => {
  const config = { url: 'mqtts://127.0.0.1:9', prefix, tls: { authority: '/nowhere/ca.pem' } };
  const nothing = () => undefined;
  expect(() =>
    openMqttLink({
      config,
      id: 'hub-1',
      signer: signer(keys.secret),
      now: Date.now,
      sender: nothing,
      onUp: nothing,
      onScans: nothing,
      onReady: nothing,
      onLink: nothing,
      onRefused: nothing,
      onFailure: nothing,
      settled: async () => true,
    }),
  ).toThrow(/nowhere/);
});
