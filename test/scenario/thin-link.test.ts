import { randomBytes } from 'node:crypto';
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
  const count = async (priority: string) =>
    (await hub.json<EventPage>(`/events?priority=${priority}&type=quaywatch.reading.*&limit=1000`)).events
      .length;
  await until(async () => (await count('alarm')) === 1, 'the alarm to come');
  expect(box.box.outbox.fill().pending.telemetry).toBeGreaterThan(0);
  await until(async () => (await count('telemetry')) === 600, 'the backlog to come', 100_000);
  expect(box.said).toEqual([]);
}, 150_000);
