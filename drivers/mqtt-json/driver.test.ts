import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceSession } from '#drivers/driver';
import type { Position } from '#flows/message';
import { DeviceWorld, type DeviceWorldOptions } from '#test/support/device-world';
import { type Mosquitto, mosquitto } from '#test/support/mosquitto';
import { tlsFiles } from '#test/support/tls-files';
import { until } from '#test/support/until';
import { settle } from '#test/support/virtual-time';
import { checkConfig } from '../config.ts';
import { driverEntry } from '../registry.ts';
import { connectPublisher, type Publisher } from '../transport/mqtt/publisher.ts';
import type { MqttJsonConfig } from './config.ts';
import { mqttJson } from './driver.ts';

let broker: Mosquitto;
let device: Publisher;
const sessions: DeviceSession[] = [];

beforeEach(async () => {
  broker = await mosquitto();
  device = await connectPublisher({ url: broker.url, clientId: 'device' });
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.stop()));
  await device.close();
  await broker.stop();
});

function configOf(given: Record<string, unknown>): MqttJsonConfig {
  const entry = driverEntry('mqtt-json');
  if (!entry) throw new Error('not registered');
  const checked = checkConfig(entry, given);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.config as MqttJsonConfig;
}

function listen(given: Record<string, unknown> = {}, options: DeviceWorldOptions = {}) {
  const world = new DeviceWorld(options);
  const config = configOf({ url: broker.url, topic: 'owntracks/#', clientId: 'box', ...given });
  const session = mqttJson.open(config, world.environment);
  sessions.push(session);
  session.start();
  return { world, session };
}

const location = (n: number) =>
  JSON.stringify({ _type: 'location', lat: 51.95, lon: 4.05, tst: 1_700_000_000 + n, n });
const numbers = (world: DeviceWorld) => world.messages.map((message) => message.attributes.n as number);
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

async function ready(world: DeviceWorld, topic = 'owntracks/ready/x'): Promise<void> {
  await until('the subscription stands', () => {
    void device.publish(topic, '{"_type":"status"}');
    return world.messages.length > 0;
  });
  // What was said meanwhile comes before the last of it.
  await device.publish(topic, '{"_type":"status","last":true}');
  await until('the last one came', () => {
    world.commit();
    return world.messages.at(-1)?.attributes.last === true;
  });
  world.messages.length = 0;
}

async function publish(count: number): Promise<void> {
  await Promise.all(range(count).map((n) => device.publish('owntracks/port/truck-1', location(n))));
}

const stopNow = async (session: DeviceSession, world: DeviceWorld) => {
  const stopped = session.stop();
  world.commit();
  await stopped;
};

describe.each(['3.1.1', '5'] as const)('MQTT %s at QoS 1', (protocol) => {
  test('thousands are in flight, and each is acknowledged when it is committed', async () => {
    const { world, session } = listen({ protocol }, { commits: false, timing: { drainMs: 300 } });
    await ready(world);
    await publish(3000);
    await until('all are in flight', () => world.messages.length >= 3000);
    world.commit(1000); // in order of arrival
    await new Promise((done) => setTimeout(done, 200));
    await session.stop(); // the rest was never committed: the broker still has it
    const again = listen({ protocol }, { commits: true });
    await until('the rest came again', () => again.world.messages.length >= 2000);
    await new Promise((done) => setTimeout(done, 200));
    expect(numbers(again.world)).toEqual(range(3000).slice(1000));
  }, 30_000);

  test('a lost connection neither loses nor doubles what is held', async () => {
    const { world } = listen({ protocol }, { commits: false });
    await ready(world);
    await publish(200);
    await until('all came', () => world.messages.length === 200);
    world.commit(50);
    // Another client with the same id takes the session over: the broker drops ours.
    const thief = await connectPublisher({ url: broker.url, clientId: 'box' });
    await thief.close();
    await until(
      'it is back',
      () => world.health.at(-1)?.state === 'live' || world.health.at(-1)?.state === 'backoff',
    );
    world.commit(50);
    await publish(10);
    await until('what followed came', () => world.messages.length >= 210);
    world.commit();
    await new Promise((done) => setTimeout(done, 300));
    expect(numbers(world)).toEqual([...range(200), ...range(10)]);
  }, 30_000);

  test('reading stops at the limit, and goes on after a commit', async () => {
    const { world } = listen({ protocol, inFlight: 100 }, { commits: false });
    await ready(world);
    await publish(8000);
    await until('the limit is reached', () => world.messages.length >= 100);
    await new Promise((done) => setTimeout(done, 300));
    const first = world.messages.length;
    expect(first).toBeLessThan(protocol === '5' ? 101 : 7000); // what MQTT 5 can tell the broker itself
    await until('all came', () => {
      world.commit();
      return world.messages.length === 8000;
    });
    expect(numbers(world)).toEqual(range(8000));
  }, 60_000);

  test('without credit nothing is read, and nothing is lost', async () => {
    const { world } = listen({ protocol });
    await ready(world);
    world.credit(false);
    await publish(500);
    await new Promise((done) => setTimeout(done, 200));
    expect(world.messages).toEqual([]);
    world.credit(true);
    await until('all came', () => world.messages.length === 500);
  });
});

describe('MQTT 5', () => {
  const silence = () => new Promise((done) => setTimeout(done, 200));
  /** Numbers of what came, without what only showed that the subscription stands. */
  const located = (world: DeviceWorld) => numbers(world).filter((n) => n !== undefined);

  test.each([
    [600, 5],
    [0, 0],
  ])('a session of %i s brings %i of the messages of an absence', async (sessionExpirySeconds, kept) => {
    const given = { protocol: '5', sessionExpirySeconds };
    const { world, session } = listen(given);
    await ready(world);
    await stopNow(session, world);
    await publish(5);
    const again = listen(given);
    await until('it is there again', () => {
      void device.publish('owntracks/ready/x', '{"_type":"status"}');
      return again.world.messages.length > kept;
    });
    await silence();
    expect(located(again.world)).toEqual(range(kept));
  });

  test('a shared subscription gives each message to one box, again to the same until it is committed', async () => {
    const shared = { protocol: '5', topic: '$share/boxes/owntracks/#' };
    const timing = { drainMs: 200 };
    const boxes = ['box-1', 'box-2'].map((clientId) =>
      listen({ ...shared, clientId }, { commits: false, timing }),
    );
    const [first, second] = boxes;
    if (!first || !second) throw new Error('two boxes');
    await until('both are there', () => {
      void device.publish('owntracks/ready/x', '{"_type":"status"}');
      return boxes.every(({ world }) => world.messages.length > 0);
    });
    await silence();
    for (const { world } of boxes) world.commit();
    await publish(40);
    await until('all came', () => located(first.world).length + located(second.world).length === 40);
    const uncommitted = located(first.world);
    expect(uncommitted.length).toBeGreaterThan(5);
    expect([...uncommitted, ...located(second.world)].toSorted((a, b) => a - b)).toEqual(range(40));
    await first.session.stop();
    const again = listen({ ...shared, clientId: 'box-1' });
    await until('they came again', () => located(again.world).length === uncommitted.length);
    expect(located(again.world)).toEqual(uncommitted);
  });

  test('a wrong password is a refusal', async () => {
    const strict = await mosquitto(['allow_anonymous false']);
    const given = { protocol: '5', url: strict.url, username: 'box', passwordSecret: 'word' };
    const { session } = listen(given, { secrets: { word: 'x' } });
    await until('it is refused', () => session.health().state === 'refused');
    expect(session.health().detail).toContain('not authorised');
    await strict.stop();
  });

  /** Brokers that are not at hand, by what they send. */
  test.each([
    ['a broker of 3.1.1 alone', '20020001', 'refused', 'protocol version'],
    ['a session that was taken over', '2003000000' + 'e0018e', 'backoff', 'taken over'],
    ['a broker that shuts down', '2003000000' + 'e0028b00', 'backoff', 'shutting down'],
    ['a broker that is busy', '2003008900', 'backoff', 'busy'],
  ])('%s says why', async (_, hex, state, reason) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from(hex, 'hex')));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { world, session } = listen({ protocol: '5', url: `mqtt://127.0.0.1:${port}` });
    await until('it says so', () =>
      world.health.some((health) => health.state === state && health.detail?.includes(reason)),
    );
    await session.stop();
    server.close();
  });
});

describe('what is wrong', () => {
  test.each(['3.1.1', '5'])(
    'with %s, a broker that grants less than QoS 1 would lose what is not committed: refused',
    async (protocol) => {
      const weak = await mosquitto(['allow_anonymous true', 'max_qos 0']);
      const { session } = listen({ protocol, url: weak.url });
      await until('it is refused', () => session.health().state === 'refused');
      expect(session.health().detail).toContain('at quality 1');
      await weak.stop();
    },
  );

  test('is set aside, acknowledged, and does not come again', async () => {
    const { world, session } = listen();
    await ready(world);
    await device.publish('owntracks/a/b', 'no JSON');
    await device.publish('owntracks/a/b', Buffer.alloc(1 << 20, 0x20));
    await device.publish('owntracks/a/b', randomBytes(500));
    await device.publish('owntracks/a/b', '{"_type":"location","lat":91,"lon":0}');
    await device.publish('owntracks/a/b', '[{"_type":"location","lat":1,"lon":2},{"lat":3}]');
    await device.publish('owntracks/a/b', location(1));
    await until('the good ones came', () => world.messages.length === 2);
    expect(world.codes()).toEqual([
      'json.syntax',
      'mqtt.toolarge',
      'json.syntax',
      'owntracks.field',
      'json.shape',
    ]);
    expect(session.health().errors).toBe(5);
    await stopNow(session, world);
    const again = listen();
    await device.publish('owntracks/a/b', location(2));
    await until('the next came', () => again.world.messages.length > 0);
    expect([numbers(again.world), again.world.codes()]).toEqual([[2], []]);
  });

  test('a broker that speaks something else is left, and tried again', async () => {
    const noise = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((done) => noise.listen(0, '127.0.0.1', done));
    const address = noise.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { session } = listen({ url: `mqtt://127.0.0.1:${port}` });
    await until('it says so', () => session.health().detail?.includes('no MQTT') ?? false);
    expect(['backoff', 'connecting']).toContain(session.health().state);
    await session.stop();
    noise.close();
  });

  test('a wrong password is a refusal; a secret that is missing too', async () => {
    const strict = await mosquitto(['allow_anonymous false']);
    const { session } = listen(
      { url: strict.url, username: 'box', passwordSecret: 'word' },
      { secrets: { word: 'x' } },
    );
    await until('it is refused', () => session.health().state === 'refused');
    expect(session.health().detail).toContain('The broker refused');
    const without = listen({ url: strict.url, username: 'box', passwordSecret: 'word' });
    await until('it is refused', () => without.session.health().state === 'refused');
    expect(without.session.health().detail).toContain('no secret word');
    await strict.stop();
  });
});

test('over TLS only a broker of the known authority is listened to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-tls-'));
  const files = await tlsFiles(folder);
  const secure = await mosquitto([
    'allow_anonymous true',
    `cafile ${files.authority}`,
    `certfile ${files.certificate}`,
    `keyfile ${files.key}`,
  ]);
  const url = secure.url.replace('mqtt:', 'mqtts:');
  const secrets = { right: files.authority, wrong: files.stranger };
  const { session } = listen({ url, caSecret: 'right', staleAfterSeconds: 1 }, { secrets });
  // It is stale, not refused: the connection stands, and nothing was said.
  await until('it is connected', () => session.health().state === 'stale');
  const other = listen({ url, caSecret: 'wrong' }, { secrets });
  await until('it is refused', () => other.session.health().state === 'refused');
  expect(other.session.health().detail).toContain('No secure connection');
  await secure.stop();
  rmSync(folder, { recursive: true });
});

test('a retained message is marked', async () => {
  await device.publish('owntracks/port/truck-9', location(7), true);
  const { world } = listen();
  await until('it came', () => world.messages.length === 1);
  const [message] = world.messages as Position[];
  expect(message).toMatchObject({ device: 'port/truck-9', attributes: { retained: true, n: 7 } });
  expect(message?.received).toMatch(/Z$/);
});

test("what is said of a report from Jointech's platform names the device, and not the key of the account", async () => {
  const { world } = listen({ topic: 'upload/#' });
  await ready(world, 'upload/ready/x');
  const bad = ['{', '{"assetId":"8022300001","statusJson":"open","gpsTime":"2026-01-01T00:00:00Z"}', '7'];
  for (const payload of bad) await device.publish('upload/KEY1/8022300001/location', payload);
  await until('all are told', () => world.rejected.length === bad.length);
  const told = world.rejected.map(({ problem }) => [problem.code, problem.at]);
  expect(told).toEqual(
    ['json.syntax', 'jointech.field', 'json.shape'].map((code) => [code, 'upload/***/8022300001/location']),
  );
});

test("the box's own broker: held while there is no room, answered after the commit", async () => {
  let take: ((topic: string, payload: Uint8Array, committed: () => void) => void) | undefined;
  let subscribed = '';
  const own = {
    subscribe: (filter: string, taker: NonNullable<typeof take>) => {
      subscribed = filter;
      take = taker;
      return () => {
        take = undefined;
      };
    },
    publish: async () => undefined,
  };
  const world = new DeviceWorld({ broker: own, commits: false });
  const session = mqttJson.open(configOf({ topic: 'owntracks/#', inFlight: 3 }), world.environment);
  session.start();
  await until('it is subscribed', () => take !== undefined);
  expect(subscribed).toBe('owntracks/#');
  await settle();
  const answered: number[] = [];
  const say = (n: number) => take?.('owntracks/a/b', Buffer.from(location(n)), () => answered.push(n));
  say(1);
  world.credit(false);
  for (const n of [2, 3, 4, 5]) say(n); // room for three
  expect(numbers(world)).toEqual([1]);
  world.credit(true);
  expect(numbers(world)).toEqual([1, 2, 3, 4]);
  expect(world.codes()).toEqual(['mqtt.full']);
  expect(answered).toEqual([]);
  world.commit();
  expect(answered).toEqual([1, 2, 3, 4]);
  await session.stop();
  expect(take).toBeUndefined();
});
