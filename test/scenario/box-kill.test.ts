import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { Outbox } from '#edge/outbox/outbox';
import type { Event } from '#flows/event';
import { number, onceEach } from '#test/support/box';
import { freePort } from '#test/support/free-port';
import { quaywatch, temporaryFolder, until } from '#test/support/quaywatch';

async function connect(port: number): Promise<MqttClient> {
  const device = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  device.on('error', () => undefined);
  await new Promise((resolve) => device.once('connect', resolve));
  return device;
}

test('kill -9 again and again: what was answered is there, once, with the numbers unbroken', async () => {
  using folder = temporaryFolder();
  const port = await freePort();
  writeFileSync(join(folder.path, 'flow.json'), JSON.stringify(onceEach()));
  const config = join(folder.path, 'box.json');
  writeFileSync(
    config,
    JSON.stringify({
      name: 'killed',
      data: 'data',
      http: `127.0.0.1:${await freePort()}`,
      broker: { listen: `127.0.0.1:${port}` },
      flows: ['flow.json'],
    }),
  );
  const answered = new Set<number>();
  let next = 0;

  for (let kill = 0; kill < 5; kill++) {
    const box = quaywatch(['edge', '--config', config]);
    await box.said(/The box .* runs/);
    const device = await connect(port);
    const publish = (value: number) =>
      device.publish('numbers/a', number(value), { qos: 1 }, (error) => {
        if (!error) answered.add(value);
      });
    // What was not answered is the device's to send again.
    for (let value = 0; value < next; value++) if (!answered.has(value)) publish(value);
    const publishing = setInterval(() => {
      for (let i = 0; i < 20 && next - answered.size < 500; i++) publish(next++);
    }, 5);
    // At some moment in the middle of traffic, another one each time.
    const before = answered.size;
    await until(() => answered.size > before + 100 + kill * 137);
    await box.stop('SIGKILL');
    clearInterval(publishing);
    device.end(true);
  }
  const last = quaywatch(['edge', '--config', config]);
  await last.said(/The box .* runs/);
  const device = await connect(port);
  const open = Array.from({ length: next }, (_, value) => value).filter((value) => !answered.has(value));
  await Promise.all(open.map((value) => device.publishAsync('numbers/a', number(value), { qos: 1 })));
  device.end(true);
  expect(await last.stop()).toBe(0);

  const box = last.stderr().match(/The box (\S+) runs/)?.[1] as string;
  const outbox = new Outbox({
    folder: join(folder.path, 'data', 'outbox'),
    origin: { site: 'local', box },
    maxBytes: 1e9,
    now: () => Date.now(),
  });
  expect(outbox.damage).toBeUndefined();
  const { events } = outbox.read('verdict', 0, 1e6, 1e9);
  outbox.close();
  const found = events.map((text) => JSON.parse(text) as Event);
  const values = found.map(({ data }) => data.value as number);
  expect(new Set(values).size).toBe(values.length);
  expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: next }, (_, n) => n));
  expect(found.map(({ sequence }) => sequence)).toEqual(Array.from({ length: next }, (_, n) => n + 1));
}, 180_000);
