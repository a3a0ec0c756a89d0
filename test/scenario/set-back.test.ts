import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { number, startBox, type TestBox } from '#test/support/box';
import { startHub, type TestHub, until } from '#test/support/hub';
import { testKafka } from '#test/support/kafka';
import { mosquitto } from '#test/support/mosquitto';

const kafka = await testKafka();
afterAll(() => kafka?.stop(), 30_000);
const hasMosquitto = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].some((path) => existsSync(path));

/** How a box and its hub speak, as both have it in their configs. */
const ways = [
  {
    name: "the hub's own broker",
    present: true,
    open: async () => ({ config: {}, stop: async () => undefined }),
  },
  {
    name: 'a mosquitto',
    present: hasMosquitto,
    open: async () => {
      const broker = await mosquitto();
      return { config: { mqtt: { url: broker.url, prefix: 'set-back' } }, stop: () => broker.stop() };
    },
  },
  {
    name: `Kafka: ${kafka?.what ?? 'not here (npm run setup:kafka -- --broker)'}`,
    present: kafka !== undefined,
    open: async () => {
      const brokers = [...(kafka?.brokers ?? [])];
      return {
        config: { kafka: { brokers, prefix: 'set-back', partitions: 1, replication: 1 } },
        stop: async () => undefined,
      };
    },
  },
];

async function publish(box: TestBox, values: readonly number[]): Promise<void> {
  const device = await box.device({ clientId: `d-${values[0]}` });
  for (const value of values) await device.publishAsync('numbers/a', number(value), { qos: 1 });
  await device.endAsync();
}

const eventsOf = async (hub: TestHub): Promise<Event[]> =>
  (await hub.json<{ events: { event: Event }[] }>('/events?limit=1000')).events.map(({ event }) => event);

const valuesOf = (events: readonly Event[]): number[] =>
  events.flatMap(({ data }) => (typeof data.value === 'number' ? [data.value] : [])).sort((a, b) => a - b);

/** Waits until the hub has so many values. */
const arrived = (hub: TestHub, count: number) =>
  until(async () => {
    const events = await eventsOf(hub);
    return valuesOf(events).length >= count && events;
  }, `${count} values at the hub`);

describe.each(ways)('by $name', ({ present, open }) => {
  test.runIf(present)(
    'a box whose outbox is played back from an image gives no number twice: what it concludes then reaches the hub once, and it says what happened',
    async () => {
      const way = await open();
      const hub = await startHub(way.config);
      const box = await startBox({ token: await hub.token(), config: way.config });
      const database = join(box.folder, 'data/outbox/outbox.db');
      const image = join(box.folder, 'image.db');
      await publish(box, [1, 2, 3]);
      await arrived(hub, 3);
      await box.restart(() => copyFileSync(database, image));
      await publish(box, [4, 5, 6, 7]);
      await arrived(hub, 7);
      await box.restart(() => {
        for (const suffix of ['-wal', '-shm']) rmSync(database + suffix, { force: true });
        copyFileSync(image, database);
      });
      await publish(box, [8, 9]);
      const events = await arrived(hub, 9);
      expect(valuesOf(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const told = await until(async () =>
        (await eventsOf(hub)).find(({ type }) => type === 'quaywatch.box.corrupt'),
      );
      expect(told.data).toMatchObject({ detail: 'The disk has lost events that the hub has.' });
      const lost = await until(async () =>
        (await eventsOf(hub)).find(({ type }) => type === 'quaywatch.outbox.tombstone'),
      );
      expect(lost.data).toMatchObject({ reason: 'corrupt', count: 0 });
      await until(async () => JSON.parse((await box.page('/status')).text).outbox.pending.verdict === 0);
      expect(JSON.parse((await box.page('/status')).text).refusal).toBeUndefined();
      await box.close();
      await hub.close();
      await way.stop();
    },
    120_000,
  );
});
