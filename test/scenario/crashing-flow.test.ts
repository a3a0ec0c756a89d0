import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { BoxList, BoxView } from '#hub/api/types';
import { number, onceEach } from '#test/support/box';
import { startHub, until } from '#test/support/hub';
import { freePort, quaywatch, type Running, temporaryFolder } from '#test/support/quaywatch';

/** A list that doubles from stage to stage: no expression of it is wrong, and the process has no memory for it. */
function growing(version: number) {
  const stages = Array.from({ length: 27 }, (_, n) => ({
    id: `grow-${n}`,
    stage: 'map',
    config: {
      set: { attributes: n === 0 ? "{'list': [1, 2]}" : "{'list': m.attributes.list + m.attributes.list}" },
    },
  }));
  const [source, , out] = onceEach().nodes;
  const nodes = [source, ...stages, out];
  const wires = nodes.slice(1).map((node, n) => ({ from: nodes[n]?.id, to: node?.id }));
  return onceEach({ version, nodes, wires });
}

test('a released flow that ends the process with every message gives way to the release before, and the message is not lost', async () => {
  using folder = temporaryFolder();
  const hub = await startHub();
  const [port, data] = [await freePort(), join(folder.path, 'data')];
  const config = join(folder.path, 'box.json');
  writeFileSync(join(folder.path, 'token'), await hub.token(), { mode: 0o600 });
  const http = `127.0.0.1:${await freePort()}`;
  const broker = { listen: `127.0.0.1:${port}` };
  writeFileSync(config, JSON.stringify({ name: 'b', data, http, broker, enrolment: 'token' }));
  const start = () =>
    quaywatch(['edge', '--config', config], undefined, { env: { NODE_OPTIONS: '--max-old-space-size=96' } });
  const events = async () =>
    (await hub.json<{ events: { event: Event }[] }>('/events?limit=200')).events.map(({ event }) => event);
  const box = await (async () => {
    const first = start();
    await first.said(/The box .* runs/);
    return { process: first, id: (await until(async () => (await hub.json<BoxList>('/boxes')).boxes[0])).box };
  })();
  const release = (flow: object) =>
    hub.api(`/boxes/${box.id}/release`, {
      method: 'POST',
      body: JSON.stringify({ flows: [flow], confirmLoss: ['numbers/once'] }),
    });
  const reported = (version: number, state: string) =>
    until(
      async () => {
        const found = (await hub.json<BoxView>(`/boxes/${box.id}`)).release;
        return found?.version === version && found.state === state && found;
      },
      `release ${version} to be ${state}`,
      120_000,
    );
  /** Says it until it is answered, as devices do, while the box falls and is started again, as systemd does. */
  async function say(value: number): Promise<number> {
    let falls = 0;
    const device = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
      clientId: 'd',
      clean: false,
      reconnectPeriod: 200,
    });
    device.on('error', () => undefined);
    let answered = false;
    device.publish('numbers/a', number(value), { qos: 1 }, () => {
      answered = true;
    });
    while (!answered) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (box.process.child.exitCode === null && box.process.child.signalCode === null) continue;
      expect(box.process.stderr()).toContain('heap out of memory');
      falls += 1;
      box.process = start();
    }
    await device.endAsync(true);
    return falls;
  }
  await release(onceEach());
  await reported(1, 'running');
  expect(await say(1)).toBe(0);
  // Ten healthy minutes, which this test has not, would leave the same note.
  copyFileSync(join(data, 'release', 'release.json'), join(data, 'release', 'good.json'));

  await release(growing(2));
  await reported(2, 'running');
  expect(await say(2)).toBe(3);
  const fallback = await until(async () =>
    (await events()).find(({ type }) => type === 'quaywatch.release.fallback'),
  );
  expect(fallback).toMatchObject({ priority: 'alarm', data: { version: 2, to: 1, crashes: 3 } });
  await until(async () => (await events()).some(({ data: { value } }) => value === 2));
  const values = (await events()).map(({ data: { value } }) => value).filter((value) => value !== undefined);
  expect(values.sort()).toEqual([1, 2]);
  expect((await reported(2, 'refused')).detail).toContain('taken back');
  await (box.process as Running).stop();
  await hub.close();
}, 300_000);
