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

const outs = ['telemetry', 'verdict', 'alarm'];
/** One message becomes an event of each priority, in one transaction: telemetry first, the alarm last. */
const threefold = onceEach({
  nodes: [
    { id: 'in', driver: 'mqtt-json', config: { topic: 'numbers/#' } },
    ...outs.map((priority) => ({ id: priority, stage: 'emit', config: { priority } })),
  ],
  wires: outs.map((to) => ({ from: 'in', to })),
});

test('of what is committed together the alarm is at the hub first, then the verdict, then telemetry', async () => {
  hub = await startHub();
  box = await startBox({ token: await hub.token(), flows: [threefold] });
  const device = await box.device();
  const readings = async () =>
    (await hub.json<EventPage>('/events?type=quaywatch.reading.*&limit=1000')).events;
  for (let n = 1; n <= 5; n++) {
    await device.publishAsync('numbers/a', number(n, 'x'), { qos: 1 });
    const events = await until(
      async () => {
        const all = await readings();
        return all.length === 3 * n && all;
      },
      `${3 * n} events`,
    );
    const newest = [...events].sort((a, b) => a.position - b.position).slice(-3);
    expect(newest.map(({ event }) => event.priority)).toEqual(['alarm', 'verdict', 'telemetry']);
  }
}, 60_000);
