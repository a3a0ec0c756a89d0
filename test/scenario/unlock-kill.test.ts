import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CallingDevice, callIn } from '#drivers/call-in-device';
import { lockFrame } from '#drivers/jt701/encode';
import type { Position } from '#flows/message';
import type { CommandList, CommandView } from '#hub/api/types';
import { makeLink } from '#hub/commands/user';
import { places } from '#hub/places';
import { openSqliteStore } from '#hub/store/sqlite/sqlite';
import { freePort } from '#test/support/free-port';
import { signIn, startHub, until } from '#test/support/hub';
import { quaywatch, temporaryFolder } from '#test/support/quaywatch';

const device = '7000000001';

/** A lock that reports that it is locked, keeps to that, and counts what it is told. */
function stubbornLock(port: number) {
  let told = 0;
  let index = 0;
  const lock: CallingDevice = callIn({
    host: '127.0.0.1',
    port,
    opened: () => undefined,
    data(bytes) {
      told += Buffer.from(bytes).toString('latin1').split('(OPEN)').length - 1;
    },
  });
  const timer = setInterval(() => {
    const time = new Date().toISOString();
    const place: Position = {
      kind: 'position',
      time,
      lon: 119.5,
      lat: 34.5,
      fix: true,
      quality: 'good',
      attributes: {},
    };
    index = (index + 1) & 0xff;
    lock.send(lockFrame(device, place, { state: 'locked', batteryPct: 80 }, index, false));
  }, 100);
  return {
    told: () => told,
    async close() {
      clearInterval(timer);
      await lock.close();
    },
  };
}

test('kill -9 between a command and its end: no lock is told twice, and the end is told', async () => {
  using folder = temporaryFolder();
  const hub = await startHub({ broker: `127.0.0.1:${await freePort()}` });
  const port = await freePort();
  const orders = { unlock: { text: '(OPEN)', done: 'OPEN' } };
  const locks = {
    id: 'locks',
    driver: 'jt701',
    config: { listen: `127.0.0.1:${port}`, devices: [device], orders },
  };
  const out = { id: 'out', stage: 'emit', config: { priority: 'telemetry' } };
  const flow = { id: 'seals', version: 1, nodes: [locks, out], wires: [{ from: 'locks', to: 'out' }] };
  const config = join(folder.path, 'box.json');
  writeFileSync(join(folder.path, 'flow.json'), JSON.stringify(flow));
  writeFileSync(join(folder.path, 'token'), await hub.token(), { mode: 0o600 });
  writeFileSync(
    config,
    JSON.stringify({
      name: 'killed',
      data: 'data',
      http: `127.0.0.1:${await freePort()}`,
      enrolment: 'token',
      flows: ['flow.json'],
    }),
  );
  let box = quaywatch(['edge', '--config', config]);
  const lock = stubbornLock(port);
  try {
    const id = (await box.said(/The box (\S+) runs/))[1];
    const store = openSqliteStore(places(hub.config.data).database);
    const second = await signIn(
      await makeLink(store, { ...hub.config, http: new URL(hub.hub.url).host }, 'mei'),
    );
    await store.close();
    const known = () => hub.json<{ devices: { node: string; state: string }[] }>('/devices');
    await until(
      async () => (await known()).devices.some(({ state }) => state === 'live'),
      'the lock is heard',
    );
    const body = { box: id, flow: 'seals', node: 'locks', device, action: 'unlock', reason: 'inspection' };
    const asked = await hub.api('/commands', {
      method: 'POST',
      body: JSON.stringify({ ...body, timeoutSeconds: 10 }),
    });
    const command = (await asked.json()) as CommandView;
    await hub.api(`/commands/${command.id}/approve`, { method: 'POST', body: '{}', cookie: second });
    await until(() => lock.told() > 0, 'the lock is told');
    await box.stop('SIGKILL');
    box = quaywatch(['edge', '--config', config]);
    const state = async () =>
      (await hub.json<CommandList>('/commands')).commands.find(({ id: name }) => name === command.id)?.state;
    await until(async () => (await state()) === 'timedOut', 'its time is over');
    expect(lock.told()).toBe(1);
  } finally {
    await lock.close();
    await box.stop('SIGKILL');
    await hub.close();
  }
}, 180_000);
