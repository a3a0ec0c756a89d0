import { connect as connectTcp } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '#test/support/quaywatch';
import { DeviceBroker } from './broker.ts';
import { filterLevels, topicMatches } from './match.ts';

let broker: DeviceBroker;
let clients: MqttClient[];

beforeEach(async () => {
  broker = new DeviceBroker({ listen: { host: '127.0.0.1', port: 0 }, maxPacketBytes: 100_000 });
  await broker.listen();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.end(true);
  await broker.close();
});

async function device(options: mqtt.IClientOptions = {}): Promise<MqttClient> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0, ...options });
  client.on('error', () => undefined);
  clients.push(client);
  await new Promise((resolve) => client.once('connect', resolve));
  return client;
}

/** Takes everything below a filter and commits when told. */
function taker(filter = '#') {
  const taken: { topic: string; text: string; committed: () => void }[] = [];
  const stop = broker.subscribe(filter, (topic, payload, committed) =>
    taken.push({ topic, text: Buffer.from(payload).toString(), committed }),
  );
  return { taken, stop, commit: () => taken.splice(0).forEach(({ committed }) => void committed()) };
}

describe('acknowledgement', () => {
  test.each([1, 2] as const)('of QoS %i waits for the commit, 1,000 in flight, in order', async (qos) => {
    const { taken, commit } = taker('trucks/+');
    const client = await device();
    const answered: number[] = [];
    for (let n = 0; n < 1500; n++) {
      client.publish('trucks/7', JSON.stringify({ n, pad: 'x'.repeat(150) }), { qos }, (error) => {
        if (!error) answered.push(n);
      });
    }
    await until(() => taken.length === 1500);
    expect(taken.map(({ text }) => JSON.parse(text).n)).toEqual(Array.from({ length: 1500 }, (_, n) => n));
    expect(answered).toEqual([]);
    expect(broker.counts().inFlight).toBe(1500);
    commit();
    await until(() => answered.length === 1500);
    expect(answered).toEqual(Array.from({ length: 1500 }, (_, n) => n));
    expect(broker.counts().inFlight).toBe(0);
  });

  test('stops reading a device that has too many unanswered, and goes on after', async () => {
    await broker.close();
    broker = new DeviceBroker({ listen: { host: '127.0.0.1', port: 0 }, maxInFlight: 100 });
    await broker.listen();
    const { taken, commit } = taker();
    const client = await device();
    let answered = 0;
    for (let n = 0; n < 5000; n++) {
      client.publish('a', 'x'.repeat(1000), { qos: 1 }, () => {
        answered += 1;
      });
    }
    await until(() => taken.length >= 100);
    await new Promise((later) => setTimeout(later, 100));
    expect(taken.length).toBeLessThan(400); // the limit and what one read had brought
    await until(() => {
      commit();
      return answered === 5000;
    });
  });

  test('is bounded over all devices too', async () => {
    await broker.close();
    broker = new DeviceBroker({ listen: { host: '127.0.0.1', port: 0 }, maxInFlightAll: 200 });
    await broker.listen();
    const { taken, commit } = taker();
    let answered = 0;
    for (let client = 0; client < 5; client++) {
      const publisher = await device();
      for (let n = 0; n < 1000; n++) {
        publisher.publish('a', 'x'.repeat(1000), { qos: 1 }, () => {
          answered += 1;
        });
      }
    }
    await until(() => taken.length >= 200);
    await new Promise((later) => setTimeout(later, 100));
    expect(taken.length).toBeLessThan(1000);
    await until(() => {
      commit();
      return answered === 5000;
    });
    expect(broker.counts().inFlight).toBe(0);
  });

  test('comes at once where no flow takes the message', async () => {
    const client = await device();
    await client.publishAsync('nobody', 'x', { qos: 1 });
  });

  test('waits while flows change', async () => {
    const first = taker();
    const client = await device();
    broker.freeze();
    first.stop();
    const answer = client.publishAsync('a', 'x', { qos: 1 });
    await new Promise((later) => setTimeout(later, 50));
    const second = taker();
    broker.thaw();
    await until(() => second.taken.length === 1);
    second.commit();
    await answer;
    expect(first.taken).toEqual([]);
  });

  test('devices hear each other, and what the box says', async () => {
    const listener = await device();
    const heard: string[] = [];
    listener.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await listener.subscribeAsync('#', { qos: 1 });
    const client = await device();
    await client.publishAsync('a', 'device', { qos: 1 });
    await broker.publish('b', Buffer.from('box'));
    await until(() => heard.length === 2);
    expect(heard.sort()).toEqual(['a device', 'b box']);
  });
});

describe('a client that misbehaves is cut, and no other', () => {
  const raw = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => {
      const socket = connectTcp(broker.port, '127.0.0.1', () => socket.write(bytes));
      socket.on('error', () => undefined);
      socket.once('close', () => resolve());
    });

  test.each([
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['zeros', Buffer.alloc(64)],
    ['a publish before the connect', Buffer.from([0x30, 4, 0, 1, 97, 120])],
  ])('%s', async (_, bytes) => {
    const { taken, commit } = taker();
    const client = await device();
    await raw(bytes);
    const answer = client.publishAsync('a', 'x', { qos: 1 });
    await until(() => taken.length === 1);
    commit();
    await answer;
  });

  test('a message of a megabyte', async () => {
    const { taken } = taker();
    const good = await device();
    const bad = await device();
    const closed = new Promise((resolve) => bad.once('close', () => resolve(undefined)));
    bad.publish('a', 'x'.repeat(1_048_576), { qos: 1 });
    await closed;
    expect(good.connected).toBe(true);
    expect(taken).toEqual([]);
    expect(broker.counts().cut).toBeGreaterThan(0);
  });
});

test.each([
  ['a/+/c', 'a/b/c', true],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['#', '$SYS/x', false],
  ['+', 'a/b', false],
  ['$share/group/a/+', 'a/b', true],
  ['a/b', 'a/b/c', false],
  ['a/b/c', 'a/b', false],
])('filter %s and topic %s: %s', (filter, topic, matches) => {
  expect(topicMatches(filterLevels(filter), topic.split('/'))).toBe(matches);
});
