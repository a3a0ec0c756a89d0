import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { HubFlows } from '#hub/api/release-types';
import type { ApiProblem, EventPage, ReleasePlan } from '#hub/api/types';
import { addUser } from '#hub/commands/user';
import { places } from '#hub/places';
import { verifyChain } from '#hub/store/audit-chain';
import { openStore } from '#hub/store/open';
import { Chain, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Flows of the hub through the API of a real one: who may, what is wrong with them, what would be lost, what is noted. */
let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const source = { id: 'fences', driver: 'events', config: { types: ['quaywatch.fence.*'], by: 'm.subject' } };
const way = (id: string, more: object = {}) => ({
  id,
  stage: 'control',
  config: { plan: 'way', steps: ['gate', 'yard'].map((id) => ({ id, enter: id })), ...more },
});
const flow = (id: string, version: number, node: { id: string }, from: object = source) => ({
  id,
  version,
  nodes: [from, node, { id: 'out', stage: 'emit' }],
  wires: [
    { from: 'fences', to: node.id },
    { from: node.id, to: 'out' },
  ],
});
const first = flow('ways', 1, way('way'));
/** Its node has another name: what the old one remembers has no place. */
const renamed = flow('ways', 2, way('route'));

async function post<T>(what: 'plan' | 'release', body: unknown, cookie = hub.cookie) {
  const answer = await hub.api(`/hub/${what}`, { method: 'POST', body: JSON.stringify(body), cookie });
  return { status: answer.status, body: (await answer.json()) as T };
}
const running = () => hub.json<HubFlows>('/hub/flows');
const stored = async <T>(read: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>): Promise<T> => {
  const store = await openStore(hub.config, places(hub.config.data).database);
  try {
    return await read(store);
  } finally {
    await store.close();
  }
};
const releaseNotes = () =>
  stored(async ({ audit }) => (await audit.list(1, 1000)).filter(({ action }) => action === 'hub.release'));

async function personWith(role: 'viewer' | 'operator'): Promise<string> {
  const person = { user: `a-${role}`, password: 'a long enough password' };
  await stored((store) =>
    addUser(store, { name: person.user, roles: ['viewer', role], password: person.password }),
  );
  const answer = await fetch(`${hub.hub.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  });
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

test('operators alone see flows of the hub and put them into force', async () => {
  const body = { flows: [] };
  for (const [cookie, status, code] of [
    ['', 401, 'api.signIn'],
    [await personWith('viewer'), 403, 'api.role'],
  ] as const) {
    const seen = await hub.api('/hub/flows', { cookie });
    expect([seen.status, ((await seen.json()) as ApiProblem).code]).toEqual([status, code]);
    for (const what of ['plan', 'release'] as const)
      expect(await post(what, body, cookie)).toMatchObject({ status, body: { code } });
  }
  const operator = await personWith('operator');
  expect((await hub.api('/hub/flows', { cookie: operator })).status).toBe(200);
  expect((await post('plan', body, operator)).status).toBe(200);
  expect(await running()).toMatchObject({ hub: 'hub-1', version: 0, documents: [], flows: [] });
});

test('a plan says all that is wrong and where; such a release changes nothing', async () => {
  const view = { id: 'screen', stage: 'view' };
  const flows = [
    flow('typo', 1, way('way', { stepz: [] })),
    { ...flow('hub', 1, way('way')) },
    flow('belt', 1, view),
    {
      ...first,
      nodes: [{ ...source, id: 'whole', config: { types: ['quaywatch.seal.*'] } }, ...first.nodes],
    },
    first,
    first,
  ];
  const { status, body } = await post<ReleasePlan>('plan', { flows, fenceSets: { port: 7 } });
  expect(status).toBe(200);
  const places = new Map(body.problems.map(({ path, message }) => [path, message]));
  expect(places.get('flows[1].id')).toMatch(/cannot be called hub/);
  expect(places.get('flows[2].nodes[1].stage')).toMatch(/cannot have the stage view/);
  expect(places.get('flows[3].nodes[0].config.by')).toMatch(/Source whole has no `by`/);
  expect(places.get('flows[5].id')).toMatch(/ways is there twice/);
  expect(places.get('fenceSets.port')).toMatch(/no fence set port of version 7/);
  const refused = await post<ApiProblem>('release', { flows });
  expect(refused).toMatchObject({ status: 400, body: { code: 'release.problems' } });
  expect(await post('release', { flows: [], extra: 1 })).toMatchObject({ status: 400 });
  expect(await running()).toMatchObject({ version: 0, flows: [] });
  expect(await releaseNotes()).toEqual([]);
});

test('a release runs and is noted; state goes only where it is named', async () => {
  const plan = await post<ReleasePlan>('plan', { flows: [first] });
  expect(plan.body).toMatchObject({ version: 1, changes: [{ flow: 'ways', change: 'add' }], lost: [] });
  expect((await running()).version).toBe(0); // a plan is only looked at
  expect((await post('release', { flows: [first] })).status).toBe(202);

  const identity = await enrol(await hub.token());
  const box = await link(identity);
  const chain = new Chain(identity.box, identity.site);
  const fields = { type: 'quaywatch.fence.enter', subject: 'truck', data: { fence: 'gate' } };
  box.sendBatch(chain.batch('verdict', [chain.event('verdict', fields)]));
  await until(
    async () => (await hub.json<EventPage>('/events?type=quaywatch.control.step')).events[0],
    'the flow concludes',
  );
  await box.close();
  const now = await running();
  expect(now).toMatchObject({
    version: 1,
    documents: [{ id: 'ways', version: 1 }],
    flows: [{ id: 'ways', version: 1, state: 'running', received: 1, emitted: 1, failed: 0 }],
  });
  expect(now.flows[0]?.parts).toHaveLength(16);

  const next = await post<ReleasePlan>('plan', { flows: [renamed] });
  expect(next.body).toMatchObject({
    version: 2,
    changes: [{ flow: 'ways', change: 'change' }],
    lost: ['ways/way'],
  });
  for (const confirmLoss of [[], ['ways/route']])
    expect(await post('release', { flows: [renamed], confirmLoss })).toMatchObject({
      status: 400,
      body: { code: 'release.loss', message: expect.stringContaining('ways/way') },
    });
  expect((await running()).version).toBe(1);
  expect((await post('release', { flows: [renamed], confirmLoss: ['ways/way'] })).status).toBe(202);
  await until(async () => (await running()).flows[0]?.version === 2, 'the next one runs');

  expect((await post<ReleasePlan>('plan', { flows: [] })).body.lost).toEqual(['ways/route']);
  expect((await post('release', { flows: [], confirmLoss: ['ways/route'] })).status).toBe(202);
  await until(async () => (await running()).flows.length === 0, 'none runs any more');
  expect((await releaseNotes()).map(({ actor, subject }) => [actor, subject])).toEqual([
    ['admin', 'hub/1'],
    ['admin', 'hub/2'],
    ['admin', 'hub/3'],
  ]);
  expect(await stored(({ audit }) => verifyChain(audit))).not.toHaveProperty('broken');
});
