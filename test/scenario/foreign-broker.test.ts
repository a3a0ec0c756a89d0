import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import { afterEach, expect, test } from 'vitest';
import { checkConfig } from '#drivers/config';
import type { DeviceSession } from '#drivers/driver';
import type { MqttJsonConfig } from '#drivers/mqtt-json/config';
import { mqttJson } from '#drivers/mqtt-json/driver';
import { driverEntry } from '#drivers/registry';
import { connectPublisher } from '#drivers/transport/mqtt/publisher';
import { openLink } from '#test/chaos/link';
import { DeviceWorld } from '#test/support/device-world';
import { mosquitto } from '#test/support/mosquitto';
import { until } from '#test/support/until';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A box that soon gives up a connection, and soon tries again. */
const hasty = { connectMs: 300, killMs: 50, firstMs: 20, capMs: 60, drainMs: 200 };

function listen(port: number, given: Record<string, unknown> = {}, timing = hasty) {
  const entry = driverEntry('mqtt-json');
  if (!entry) throw new Error('not registered');
  const url = `mqtt://127.0.0.1:${port}`;
  const checked = checkConfig(entry, { url, topic: 'owntracks/#', clientId: 'box', ...given });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const world = new DeviceWorld({ commits: false, timing });
  const session: DeviceSession = mqttJson.open(checked.config as MqttJsonConfig, world.environment);
  closers.push(() => session.stop());
  session.start();
  return { world, session };
}

const location = (n: number) => JSON.stringify({ _type: 'location', lat: 51.95, lon: 4.05, tst: 1e9 + n, n });
const numbers = (world: DeviceWorld) => world.messages.map((message) => message.attributes.n as number);

/** A broker by hand: what it does is decided packet by packet. */
async function brokerByHand(hear: (socket: Socket, packet: Packet, connection: number) => void) {
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    const reader = parser({ protocolVersion: 4 });
    reader.on('packet', (packet: Packet) => hear(socket, packet, connection));
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => reader.parse(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('what comes on a connection that was given up is taken when it comes again', async () => {
  const publish = (dup: boolean) =>
    generate({
      cmd: 'publish',
      topic: 'owntracks/a/b',
      payload: location(1),
      qos: 1,
      dup,
      retain: false,
      messageId: 7,
    });
  const acknowledged: number[] = [];
  const sockets: Socket[] = [];
  const port = await brokerByHand((socket, packet, connection) => {
    const welcome = () => socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: true }));
    if (packet.cmd === 'puback') acknowledged.push(packet.messageId ?? 0);
    if (packet.cmd === 'connect' && connection === 1) welcome(); // and it hears no more of its subscription
    if (packet.cmd === 'connect' && connection > 1) {
      sockets[0]?.write(publish(false)); // the box has given that one up
      setTimeout(welcome, 50);
    }
    sockets.push(socket);
    if (packet.cmd !== 'subscribe' || connection === 1) return;
    socket.write(generate({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [1] }));
    socket.write(publish(true));
  });
  const { world } = listen(port, {}, { ...hasty, connectMs: 1500 });
  await until('it was taken', () => numbers(world).length > 0);
  world.commit();
  await until('it was acknowledged', () => acknowledged.length > 0);
  expect(numbers(world)).toEqual([1]);
});

test('over bad connections to a broker that repeats itself all comes once, and nothing is left', async () => {
  const broker = await mosquitto();
  closers.push(() => broker.stop());
  const link = await openLink(0, broker.port, Math.random);
  closers.push(() => link.close());
  const { world, session } = listen(link.port, { keepaliveSeconds: 2 });
  const device = await connectPublisher({ url: broker.url, clientId: 'device' });
  closers.push(() => device.close());
  await until('the session stands', () => {
    void device.publish('owntracks/a/b', location(-1));
    return world.messages.length > 0;
  });
  const count = 4000;
  const weathers = ['halfOpen', 'fair', 'cut', 'slow', 'lossy', 'fair'] as const;
  for (let n = 0; n < count; n++) {
    void device.publish('owntracks/a/b', location(n));
    if (n % 100 !== 0) continue;
    const kind = weathers[(n / 100) % weathers.length] ?? 'fair';
    if (kind === 'slow') link.set({ kind, bytesPerSecond: 300_000, delayMs: 30 });
    else if (kind === 'lossy') link.set({ kind, bytes: 20_000 });
    else link.set({ kind });
    await new Promise((done) => setTimeout(done, kind === 'halfOpen' ? 400 : 80));
    world.commit(60);
  }
  link.set({ kind: 'fair' });
  await until(
    'all came',
    () => {
      world.commit();
      return new Set(numbers(world)).size === count + 1;
    },
    60_000,
  );
  const came = numbers(world).filter((n) => n >= 0);
  expect(came).toEqual(Array.from({ length: count }, (_, n) => n));
  let [bytes, still] = [link.bytes, 0];
  await until('all acknowledgements are on their way', () => {
    world.commit();
    still = link.bytes === bytes ? still + 1 : 0;
    bytes = link.bytes;
    return still > 100; // looks, 5 ms apart
  });
  await session.stop();
  // Nothing is left at the broker: another one of the same name gets only what comes from now on.
  const { world: next } = listen(broker.port);
  await device.publish('owntracks/a/b', location(count));
  await until('the next came', () => next.messages.length > 0);
  expect(numbers(next)).toEqual([count]);
}, 120_000);
