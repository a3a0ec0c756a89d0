import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { compileShim, openControl } from '#test/chaos/control';
import { number, onceEach } from '#test/support/box';
import { freePort } from '#test/support/free-port';
import { startHub } from '#test/support/hub';
import { quaywatch, temporaryFolder, until } from '#test/support/quaywatch';

const root = resolve(import.meta.dirname, '../..');
const wanted = { 1970: Date.UTC(1970, 0, 2), 2099: Date.UTC(2099, 0, 2) };

test.each([1970, 2099] as const)(
  'a machine that wakes up in %i: its box connects, dates what it says sensibly and tells of the clock',
  async (year) => {
    using folder = temporaryFolder();
    const shim = compileShim(folder.path, root);
    if (!shim) return; // without a C compiler no clock can be bent
    const hub = await startHub();
    const events = async () =>
      (await hub.json<{ events: { event: Event }[] }>('/events?limit=200')).events.map(({ event }) => event);
    const told = async (state: string, times = 1) =>
      (await events()).filter(({ type, data }) => type === 'quaywatch.box.clock' && data.state === state)[
        times - 1
      ];
    const data = join(folder.path, 'data');
    const port = await freePort();
    const config = join(folder.path, 'box.json');
    writeFileSync(join(folder.path, 'flow.json'), JSON.stringify(onceEach()));
    writeFileSync(join(folder.path, 'token'), await hub.token(), { mode: 0o600 });
    writeFileSync(
      config,
      JSON.stringify({
        name: 'b',
        data,
        http: `127.0.0.1:${await freePort()}`,
        broker: { listen: `127.0.0.1:${port}` },
        enrolment: 'token',
        flows: ['flow.json'],
      }),
    );
    const control = openControl(join(folder.path, 'control'), shim, data);
    // It has never known better: it is enrolled with this clock too.
    control.clock(wanted[year] - Date.now());
    const start = async () => {
      const box = quaywatch(['edge', '--config', config], undefined, { env: control.env });
      await box.said(/The box .* runs/);
      return box;
    };
    /** Somebody has set it. */
    const isRight = async () => {
      const right = await until(() => told('cleared'));
      expect(Math.abs(Date.parse(right.time) - Date.now())).toBeLessThan(60_000);
      expect(Number(right.data.movedMs)).toBeGreaterThan(3_000_000);
    };
    for (const life of [1, 2]) {
      const box = await start();
      const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
      await device.publishAsync('numbers/a', number(life), { qos: 1 });
      await device.endAsync();
      await until(async () => (await events()).some(({ data: said }) => said.value === life), 90_000);
      const clock = await until(() => told('raised', life)); // each process says it anew
      expect(clock.data.wall).toMatch(new RegExp(`^${year}-`));
      // Its certificate was made an hour ago at most: it is later than that, and the box knows no more.
      for (const { type, time } of await events())
        if (type.startsWith('quaywatch.box.'))
          expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(7_200_000);
      if (life === 2 && year === 1970) {
        control.clock(0);
        await isRight();
      }
      await box.stop();
    }
    if (year === 2099) {
      control.clock(0);
      const box = await start();
      await isRight();
      await box.stop();
    }
    control.close();
    await hub.close();
  },
  240_000,
);
