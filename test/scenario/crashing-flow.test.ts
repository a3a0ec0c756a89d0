import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { BoxList, BoxView } from '#hub/api/types';
import { number, onceEach } from '#test/support/box';
import { freePort } from '#test/support/free-port';
import { startHub, until } from '#test/support/hub';
import { quaywatch, temporaryFolder } from '#test/support/quaywatch';

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

/** An expression of some hundred characters that looks at 10 to the power of 20 numbers: no check of it is slow, and it does not end. */
function endless(version: number) {
  const digits = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
  const nested = Array.from({ length: 20 }, (_, n) => `${digits}.all(x${n}, `);
  const when = `${nested.join('')}true${')'.repeat(20)}`;
  const [source, once, out] = onceEach().nodes;
  const loop = { id: 'loop', stage: 'filter', config: { when } };
  const wires = [
    { from: 'in', to: 'loop' },
    { from: 'loop', to: 'once' },
    { from: 'once', to: 'out' },
  ];
  return onceEach({ version, nodes: [source, loop, once, out], wires });
}

/** Right in every part, and so large in what it says of itself that a small process has no memory to read it. */
const bulky = (version: number) =>
  onceEach({
    version,
    tests: [
      { name: 'bulky', input: [{ nothing: Array.from({ length: 1_250_000 }, () => ({})) }], expect: [] },
    ],
  });

/** So many corners of fences that checking them takes a while. */
function fenced(version: number) {
  const ring = (n: number) =>
    Array.from({ length: 65 }, (_, at) => {
      const angle = (2 * Math.PI * (at % 64)) / 64;
      return [n / 100 + Math.cos(angle) / 300, Math.sin(angle) / 300];
    });
  const features = Array.from({ length: 1000 }, (_, n) => ({
    type: 'Feature',
    properties: { id: `f-${n}` },
    geometry: { type: 'Polygon', coordinates: [ring(n)] },
  }));
  const base = onceEach({ version });
  const fences = {
    id: 'fences',
    stage: 'geofence',
    config: { fences: { type: 'FeatureCollection', features } },
  };
  const [source, once, out] = base.nodes;
  const nodes = [source, once, fences, out];
  return {
    ...base,
    nodes,
    wires: [...base.wires, { from: 'in', to: 'fences' }, { from: 'fences', to: 'out' }],
  };
}

/** Whether the box checks a release just now. */
function checks(data: string): boolean {
  try {
    return JSON.parse(readFileSync(join(data, 'release', 'attempt.json'), 'utf8')).open === true;
  } catch {
    return false;
  }
}

/** A box as a process that is started again whenever it ends, as systemd does, at a hub. */
async function boxAt(folder: string, environment: NodeJS.ProcessEnv = {}, recovery: object = {}) {
  const hub = await startHub();
  const [port, data] = [await freePort(), join(folder, 'data')];
  const config = join(folder, 'box.json');
  writeFileSync(join(folder, 'token'), await hub.token(), { mode: 0o600 });
  const http = `127.0.0.1:${await freePort()}`;
  const broker = { listen: `127.0.0.1:${port}` };
  writeFileSync(config, JSON.stringify({ name: 'b', data, http, broker, enrolment: 'token', recovery }));
  const start = () => quaywatch(['edge', '--config', config], undefined, { env: environment });
  let process = start();
  await process.said(/The box .* runs/, 120_000);
  const { box: id } = await until(async () => (await hub.json<BoxList>('/boxes')).boxes[0]);
  const ended = () => process.child.exitCode !== null || process.child.signalCode !== null;
  return {
    hub,
    port,
    data,
    ended,
    get process() {
      return process;
    },
    again() {
      process = start();
      return process;
    },
    events: async () =>
      (await hub.json<{ events: { event: Event }[] }>('/events?limit=200')).events.map(({ event }) => event),
    release: (flow: object) =>
      hub.api(`/boxes/${id}/release`, {
        method: 'POST',
        body: JSON.stringify({ flows: [flow], confirmLoss: ['numbers/once'] }),
      }),
    reported: (version: number, state: string) =>
      until(
        async () => {
          const found = (await hub.json<BoxView>(`/boxes/${id}`)).release;
          return found?.version === version && found.state === state && found;
        },
        `release ${version} to be ${state}`,
        120_000,
      ),
    async close() {
      await process.stop();
      await hub.close();
    },
  };
}

/** Says it until it is answered, as devices do, while the box falls and is started again. How often it fell. */
async function say(
  box: Awaited<ReturnType<typeof boxAt>>,
  value: number,
  dying = 'heap out of memory',
): Promise<number> {
  let falls = 0;
  const device = mqtt.connect(`mqtt://127.0.0.1:${box.port}`, {
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
    if (!box.ended()) continue;
    expect(box.process.stderr()).toContain(dying);
    falls += 1;
    box.again();
  }
  await device.endAsync(true);
  return falls;
}

test('a released flow that ends the process with every message gives way to the release before, and the message is not lost', async () => {
  using folder = temporaryFolder();
  const box = await boxAt(folder.path, { NODE_OPTIONS: '--max-old-space-size=96' });
  await box.release(onceEach());
  await box.reported(1, 'running');
  expect(await say(box, 1)).toBe(0);

  await box.release(growing(2));
  await box.reported(2, 'running');
  expect(await say(box, 2)).toBe(3);
  const fallback = await until(async () =>
    (await box.events()).find(({ type }) => type === 'quaywatch.release.fallback'),
  );
  expect(fallback).toMatchObject({ priority: 'alarm', data: { version: 2, to: 1, crashes: 3 } });
  await until(async () => (await box.events()).some(({ data: { value } }) => value === 2));
  const values = (await box.events())
    .map(({ data: { value } }) => value)
    .filter((value) => value !== undefined);
  expect(values.sort()).toEqual([1, 2]);
  expect((await box.reported(2, 'refused')).detail).toContain('taken back');
  await box.close();
}, 300_000);

test('a release at which the box ends while it checks it is refused after the third time, and what ran goes on', async () => {
  using folder = temporaryFolder();
  const box = await boxAt(folder.path);
  await box.release(onceEach());
  await box.reported(1, 'running');
  await box.release(fenced(2));
  for (let fall = 0; fall < 3; fall++) {
    while (!checks(box.data)) await new Promise((resolve) => setTimeout(resolve, 2));
    await box.process.stop('SIGKILL');
    await box.again().said(/The box .* runs/, 120_000);
  }
  const { detail } = await box.reported(2, 'refused');
  expect(detail).toContain('ended again and again while it checked');
  expect(await say(box, 1)).toBe(0);
  await box.close();
}, 300_000);

test('a released flow that never comes to an end is ended, and gives way to the release before', async () => {
  using folder = temporaryFolder();
  const box = await boxAt(folder.path, {}, { hangSeconds: 4 });
  await box.release(onceEach());
  await box.reported(1, 'running');
  expect(await say(box, 1)).toBe(0);

  await box.release(endless(2));
  await box.reported(2, 'running');
  expect(await say(box, 2, 'loop.hangs')).toBe(3);
  const fallback = await until(async () =>
    (await box.events()).find(({ type }) => type === 'quaywatch.release.fallback'),
  );
  expect(fallback).toMatchObject({ data: { version: 2, to: 1, crashes: 3 } });
  await until(async () => (await box.events()).some(({ data: { value } }) => value === 2));
  await box.close();
}, 300_000);

test('a release that the box has no memory to read is refused after the third time, and what ran goes on', async () => {
  using folder = temporaryFolder();
  const box = await boxAt(folder.path, { NODE_OPTIONS: '--max-old-space-size=96' });
  await box.release(onceEach());
  await box.reported(1, 'running');
  expect((await box.release(bulky(2))).status).toBe(202);
  for (let fall = 0; fall < 3; fall++) {
    await until(box.ended, 'the end', 120_000);
    expect(box.process.stderr()).toContain('heap out of memory');
    box.again();
  }
  const { detail } = await box.reported(2, 'refused');
  expect(detail).toContain('not read any more');
  expect(await say(box, 1)).toBe(0);
  await box.close();
}, 300_000);
