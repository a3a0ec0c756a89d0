import type { Feature } from 'geojson';
import { afterEach, expect, test } from 'vitest';
import type {
  FenceCheck,
  FenceCollection,
  FenceDiff,
  FenceHistory,
  FenceSetList,
} from '#hub/api/fence-types';
import type { ApiProblem, BoxView, EventPage, MapLayers, ReleasePlan } from '#hub/api/types';
import { startBox } from '#test/support/box';
import { startHub, type TestHub, until } from '#test/support/hub';
import { postgres, postgresPrograms } from '#test/support/postgres';

const programs = postgresPrograms();

/** Fence sets as documents of a real hub: drawn, checked, changed one by one, released to a real box, named in its events. */
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

const square = (id: string, west: number, south = 34, more: object = {}): Feature => ({
  type: 'Feature',
  properties: { id, name: id, ...more },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [west + 0.01, south],
        [west + 0.01, south + 0.01],
        [west, south + 0.01],
        [west, south],
      ],
    ],
  },
});
const put = (...features: Feature[]) => features.map((feature) => ({ id: feature.properties?.id, feature }));

async function start() {
  const hub = await startHub();
  undo.push(() => hub.close());
  return hub;
}
const ask = async <T>(hub: TestHub, path: string, body: unknown, method = 'POST') => {
  const answer = await hub.api(path, { method, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
};

test('a set has versions, differences, a way back, and is on the map and in the audit', async () => {
  const hub = await start();
  const changes = (body: object) =>
    ask<ApiProblem & { version: number }>(hub, '/fence-sets/port/changes', body);
  const first = {
    after: 0,
    title: 'Port',
    note: 'drawn',
    changes: put(square('a', 119), square('b', 119.02)),
  };
  expect(await changes(first)).toMatchObject({ status: 201, body: { version: 1, added: 2, actor: 'admin' } });
  expect(await changes({ after: 0, changes: [] })).toMatchObject({
    status: 409,
    body: { code: 'api.conflict' },
  });
  const one = await ask(hub, '/fence-sets/port/fences/a', { feature: square('a', 119.001) }, 'PUT');
  expect(one).toMatchObject({ status: 200, body: { version: 2, changed: 1 } });
  const { status } = await hub.api('/fence-sets/port/fences/b', { method: 'DELETE' });
  expect(status).toBe(200);

  const set = await hub.json<FenceCollection>('/fence-sets/port');
  expect([set.version, set.kind, set.title, set.features.length]).toEqual([3, 'fences', 'Port', 1]);
  expect((await hub.json<FenceCollection>('/fence-sets/port?version=1')).features).toEqual([
    square('a', 119),
    square('b', 119.02),
  ]);
  const diff = await hub.json<FenceDiff>('/fence-sets/port/diff?from=1&to=3');
  expect(diff.changes).toEqual([
    { id: 'a', before: square('a', 119), after: square('a', 119.001) },
    { id: 'b', before: square('b', 119.02) },
  ]);
  const { versions } = await hub.json<FenceHistory>('/fence-sets/port/history');
  expect(versions.map(({ version, note }) => [version, note])).toEqual([
    [3, undefined],
    [2, undefined],
    [1, 'drawn'],
  ]);
  const layers = await hub.json<MapLayers>('/map');
  expect(layers.fences.features[0]?.properties).toMatchObject({ id: 'a', set: 'port', version: 3 });

  expect(await ask(hub, '/fence-sets/port/revert', { version: 1 })).toMatchObject({ status: 201 });
  const back = await hub.json<FenceCollection>('/fence-sets/port');
  expect([back.version, back.features]).toEqual([4, [square('a', 119), square('b', 119.02)]]);
  await hub.restart();
  expect(await hub.json<FenceSetList>('/fence-sets')).toMatchObject({ sets: [{ name: 'port', version: 4 }] });
  expect((await hub.api('/fence-sets/none')).status).toBe(404);
}, 60_000);

test('what is wrong with a fence is told with its place, and nothing of it is stored', async () => {
  const hub = await start();
  await ask(hub, '/fence-sets/port/changes', { changes: put(square('a', 119)) });
  const bow = square('bow', 119);
  if (bow.geometry.type === 'Polygon')
    bow.geometry.coordinates[0]?.splice(1, 2, [119.01, 34.01], [119.01, 34]);
  const open = square('open', 119);
  if (open.geometry.type === 'Polygon') open.geometry.coordinates[0]?.pop();
  const swapped = square('swapped', 34, 119);
  const metres = square('metres', 13_246_000, 4_028_000);
  const check = async (...features: Feature[]) =>
    (await ask<FenceCheck>(hub, '/fence-sets/port/check', { changes: put(...features) })).body.problems;
  expect(await check(square('b', 119.1))).toEqual([]);
  expect(await check(bow)).toMatchObject([{ id: 'bow', message: expect.stringMatching(/crosses itself/) }]);
  expect(await check(open)).toMatchObject([
    { path: 'geometry.coordinates[0]', message: expect.stringMatching(/not closed/) },
  ]);
  expect(await check(swapped)).toMatchObject([{ message: expect.stringMatching(/swapped/) }]);
  expect(await check(metres)).toMatchObject([{ message: expect.stringMatching(/EPSG:3857/) }]);
  expect(await check(square('far', 10, 50))).toMatchObject([
    { message: expect.stringMatching(/away from everything/) },
  ]);
  expect(await check(square('c', 119), square('c', 119))).toMatchObject([{ message: 'c is there twice' }]);
  const refused = await ask<ApiProblem>(hub, '/fence-sets/port/changes', { changes: put(bow) });
  expect(refused).toMatchObject({
    status: 400,
    body: { code: 'fences.wrong', at: 'bow.geometry.coordinates[0]' },
  });
  expect((await hub.json<FenceCollection>('/fence-sets/port')).version).toBe(1);

  const file = (crs?: string) => ({
    type: 'FeatureCollection',
    ...(crs && { crs: { type: 'name', properties: { name: crs } } }),
    features: [
      { ...square('a', 119), id: 'x' },
      { ...square('b', 119.1), properties: {}, id: 7 },
    ],
  });
  const take = (collection: unknown, replace = false) =>
    ask<ApiProblem>(hub, '/fence-sets/port/import', { collection, replace });
  expect(await take(file('urn:ogc:def:crs:EPSG::3857'))).toMatchObject({ status: 400, body: { at: 'crs' } });
  expect(await take(file('urn:ogc:def:crs:OGC:1.3:CRS84'))).toMatchObject({
    status: 201,
    body: { added: 1, changed: 0 },
  });
  expect((await take(file())).status).toBe(204);
  expect(await take({ type: 'FeatureCollection', features: [] }, true)).toMatchObject({
    status: 201,
    body: { removed: 2 },
  });
}, 60_000);

test.each(['sqlite', ...(programs ? ['postgres'] : [])])(
  'hands at once all get their fence in, and what is not there is said: %s',
  async (kind) => {
    const server = kind === 'postgres' && programs ? await postgres(programs) : undefined;
    if (server) undo.push(() => server.stop());
    const hub = await startHub(server ? { store: { postgres: await server.create() } } : {});
    undo.push(() => hub.close());
    await ask(hub, '/fence-sets/port/changes', { changes: put(square('a', 119)) });
    const puts = Array.from({ length: 12 }, (_, n) => {
      const feature = square(`p ${n}/门`, 119 + (n + 1) / 50);
      return ask(hub, `/fence-sets/port/fences/${encodeURIComponent(`p ${n}/门`)}`, { feature }, 'PUT');
    });
    expect(new Set((await Promise.all(puts)).map(({ status }) => status))).toEqual(new Set([200]));
    const set = await hub.json<FenceCollection>('/fence-sets/port');
    expect([set.version, set.features.length]).toEqual([13, 13]);
    // of two that name the version that they saw, one
    const both = await Promise.all(
      [119.5, 119.6].map((west) =>
        ask<ApiProblem>(hub, '/fence-sets/port/changes', { after: 13, changes: put(square('a', west)) }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);

    const refused = async (path: string, init: RequestInit = {}) => (await hub.api(path, init)).status;
    expect(await refused('/fence-sets/port/fences/never', { method: 'DELETE' })).toBe(404);
    expect(await refused('/fence-sets/port/diff?from=1&to=99')).toBe(404);
    expect(await refused('/fence-sets/port/diff?from=99&to=1')).toBe(404);
    expect(await ask(hub, '/fence-sets/port/revert', { version: 14 })).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/at version 14 already/) },
    });
    expect((await hub.json<FenceHistory>('/fence-sets/port/history')).versions).toHaveLength(14);
  },
);

test('one fence of thousands is changed without writing the others, and quickly', async () => {
  const hub = await start();
  const many = Array.from({ length: 3000 }, (_, n) =>
    square(`f-${n}`, 119 + (n % 60) * 0.02, 34 + Math.floor(n / 60) * 0.02),
  );
  expect((await ask(hub, '/fence-sets/port/changes', { changes: put(...many) })).status).toBe(201);
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const begin = performance.now();
    const answer = await ask(
      hub,
      `/fence-sets/port/fences/f-${n}`,
      { feature: square(`f-${n}`, 119.005) },
      'PUT',
    );
    times.push(performance.now() - begin);
    expect(answer).toMatchObject({ status: 200, body: { version: n + 2, changed: 1, added: 0 } });
  }
  expect(Math.min(...times)).toBeLessThan(10_000); // milliseconds, on a machine with nothing else to do
}, 120_000);

test('a release carries the set that a flow names, and events say which version they were judged by', async () => {
  const hub = await start();
  const flow = {
    id: 'gate',
    version: 1,
    nodes: [
      { id: 'in', driver: 'mqtt-json', config: { topic: 'fixes/#' } },
      {
        id: 'fences',
        stage: 'geofence',
        config: { fences: 'port', hysteresisM: 0, confirmFixes: 1, confirmSeconds: 0 },
      },
      { id: 'out', stage: 'emit', config: { priority: 'alarm' } },
    ],
    wires: [
      { from: 'in', to: 'fences' },
      { from: 'fences', to: 'out' },
    ],
  };
  const box = await startBox({ token: await hub.token(), flows: [] });
  undo.push(() => box.close());
  const name = box.box.identity.box;
  await until(async () => (await hub.json<BoxView>(`/boxes/${name}`)).link === 'connected');
  const plan = (more: object = {}) =>
    ask<ReleasePlan>(hub, `/boxes/${name}/plan`, { flows: [flow], ...more });
  expect((await plan()).body.problems).toMatchObject([{ path: 'gate.nodes[1].config.fences' }]);

  await ask(hub, '/fence-sets/port/changes', { changes: put(square('a', 119)) });
  expect((await plan()).body).toMatchObject({
    problems: [],
    fenceSets: [{ name: 'port', version: 1, newest: 1 }],
  });
  const release = async (version: number, body: object) => {
    const answer = await ask<ApiProblem>(hub, `/boxes/${name}/release`, { flows: [flow], ...body });
    expect(answer).toMatchObject({ status: 202 });
    const state = async () => (await hub.json<BoxView>(`/boxes/${name}`)).release;
    const ended = async () => {
      const now = await state();
      return now?.version === version && now.state !== 'sent' && now;
    };
    expect(await until(ended)).toMatchObject({ state: 'running' });
  };
  const device = await box.device();
  let second = 0;
  const go = async (lon: number) => {
    second += 10;
    const time = new Date(Date.now() - 3_600_000 + second * 1000).toISOString();
    await device.publishAsync(
      'fixes/t',
      JSON.stringify({ kind: 'position', device: 't', time, lon, lat: 34.005, fix: true }),
      { qos: 1 },
    );
  };
  const judged = async (count: number) => {
    const events = async () => (await hub.json<EventPage>('/events?type=quaywatch.fence.*')).events;
    await until(async () => (await events()).length === count);
    return (await events())[0]?.event;
  };
  await release(1, {});
  await go(118.9);
  await go(119.005);
  expect(await judged(1)).toMatchObject({
    type: 'quaywatch.fence.enter',
    data: { fence: 'a', fences: 'port@1' },
  });

  await ask(hub, '/fence-sets/port/fences/a', { feature: square('a', 119.5) }, 'PUT');
  await release(2, {});
  await go(119.005);
  await go(119.505);
  const entered = async () =>
    (await hub.json<EventPage>('/events?type=quaywatch.fence.enter')).events.map(
      ({ event }) => event.data.fences,
    );
  await until(async () => (await entered()).length === 2);
  expect(await entered()).toEqual(['port@2', 'port@1']);
  await release(3, { fenceSets: { port: 1 } });

  // larger than the frames of a web socket or of a broker that is left as it comes
  const corners = 10_000;
  const star = (id: string, west: number): Feature => {
    const ring = Array.from({ length: corners }, (_, i): [number, number] => {
      const [angle, radius] = [(2 * Math.PI * i) / corners, i % 2 === 0 ? 0.01 : 0.0099];
      return [west + radius * Math.cos(angle), 34 + radius * Math.sin(angle)];
    });
    const geometry = { type: 'Polygon' as const, coordinates: [[...ring, ring[0] as [number, number]]] };
    return { type: 'Feature', properties: { id, name: id }, geometry };
  };
  for (let n = 0; n < 12; n++) {
    const feature = star(`star-${n}`, 119.6 + n * 0.03);
    const answer = await ask(hub, `/fence-sets/port/fences/star-${n}`, { feature }, 'PUT');
    expect(answer.status).toBe(200);
  }
  const sent = JSON.stringify(await hub.json<FenceCollection>('/fence-sets/port'));
  expect(sent.length).toBeGreaterThan(4_000_000);
  await release(4, {});
  await go(119.505);
  await go(119.6);
  await until(async () => (await entered())[0] === 'port@14');
}, 240_000);
