import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { EventPage } from '#hub/api/types';
import { number, onceEach, startBox, type TestBox } from '#test/support/box';
import { startHub, type TestHub, until } from '#test/support/hub';

let hub: TestHub;
let box: TestBox;
afterEach(async () => {
  await box?.close();
  await hub?.close();
});

/** What comes over sockets to a port of this process from now on. */
function bytesTo(port: number): { readonly read: number; stop(): void } {
  const sockets: Socket[] = [];
  const take = (message: unknown) => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', take);
  return {
    get read() {
      return sockets.filter((one) => one.localPort === port).reduce((sum, one) => sum + one.bytesRead, 0);
    },
    stop: () => void unsubscribe('net.server.socket', take),
  };
}

const flow = (id: string, topic: string, priority: string) => {
  const document = onceEach({ id });
  const [source, once] = document.nodes;
  return {
    ...document,
    nodes: [{ ...source, config: { topic } }, once, { id: 'out', stage: 'emit', config: { priority } }],
  };
};

test('a thin link: batches go compressed within its limit, and an alarm does not wait behind the backlog', async () => {
  hub = await startHub();
  const carried = bytesTo(hub.hub.ports.broker);
  box = await startBox({
    token: await hub.token(),
    flows: [flow('slow', 'slow/#', 'telemetry'), flow('fast', 'fast/#', 'alarm')],
    config: { uplink: { maxKbps: 64, compress: true } },
  });
  const device = await box.device();
  const noise = randomBytes(150).toString('base64'); // what each adds cannot be compressed away
  await Promise.all(
    Array.from({ length: 600 }, (_, n) =>
      device.publishAsync('slow/a', number(n, `${randomBytes(60).toString('base64')}${noise}`), { qos: 1 }),
    ),
  );
  await device.publishAsync('fast/a', number(1, 'now'), { qos: 1 });
  const ask = (priority: string) =>
    hub.json<EventPage>(`/events?priority=${priority}&type=quaywatch.reading.*&limit=1000`);
  const count = async (priority: string) => (await ask(priority)).events.length;
  await until(async () => (await count('alarm')) === 1, 'the alarm to come');
  expect(box.box.outbox.fill().pending.telemetry).toBeGreaterThan(0);
  await until(async () => (await count('telemetry')) === 600, 'the backlog to come', 100_000);
  const asText = JSON.stringify((await ask('telemetry')).events.map(({ event }) => event)).length;
  expect(carried.read).toBeGreaterThan(0);
  expect(carried.read).toBeLessThan(0.75 * asText);
  carried.stop();
  expect(box.said).toEqual([]);
}, 150_000);
