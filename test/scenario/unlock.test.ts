import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { simulatedOrders, simulatedPassword, simulateJt701 } from '#drivers/jt701/simulator';
import type { Simulator } from '#drivers/simulator';
import type { Message } from '#flows/message';
import type { ApiProblem, CommandList, CommandView, EventPage, Role } from '#hub/api/types';
import { makeLink } from '#hub/commands/user';
import { mintSignIn } from '#hub/people';
import { places } from '#hub/places';
import { openSqliteStore } from '#hub/store/sqlite/sqlite';
import { startBox, type TestBox } from '#test/support/box';
import { freePort } from '#test/support/free-port';
import { signIn, startHub, type TestHub, until } from '#test/support/hub';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** A hub, a box and a simulated lock that calls in over TCP; two people and a lock that is at a place. */
const device = '7000000001';
let hub: TestHub;
let box: TestBox;
let lock: Simulator;
let id: string;
let second: string;
const secrets = mkdtempSync(join(tmpdir(), 'quaywatch-secrets-'));
const place = { lon: 119.5, lat: 34.5 };
const square = (lon: number, lat: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [lon - 0.1, lat - 0.1],
      [lon + 0.1, lat - 0.1],
      [lon + 0.1, lat + 0.1],
      [lon - 0.1, lat + 0.1],
      [lon - 0.1, lat - 0.1],
    ],
  ],
});

async function* reports(): AsyncGenerator<Message> {
  for (;;) {
    const time = new Date().toISOString();
    yield { kind: 'position', device, time, ...place, fix: true, quality: 'good', attributes: {} };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  // The box finds it there again after its restart.
  hub = await startHub({ broker: `127.0.0.1:${await freePort()}` });
  mkdirSync(secrets, { recursive: true });
  writeFileSync(join(secrets, `lock.${device}`), `${simulatedPassword}\n`, { mode: 0o600 });
  const port = await freePort();
  const config = {
    listen: `127.0.0.1:${port}`,
    devices: [device],
    orders: { ...simulatedOrders, secret: 'lock' },
  };
  const flow = {
    id: 'seals',
    version: 1,
    nodes: [
      { id: 'locks', driver: 'jt701', config },
      { id: 'out', stage: 'emit', config: { priority: 'telemetry' } },
    ],
    wires: [{ from: 'locks', to: 'out' }],
  };
  box = await startBox({ token: await hub.token(), flows: [flow], config: { secrets } });
  id = box.box.identity.box;
  lock = simulateJt701({ source: reports(), host: '127.0.0.1', port, random: Math.random });
  const store = openSqliteStore(places(hub.config.data).database);
  const link = await makeLink(store, { ...hub.config, http: new URL(hub.hub.url).host }, 'mei');
  await store.close();
  second = await signIn(link);
  await until(async () => (await events('quaywatch.seal.observed')).length > 0, 'a report of the lock');
  const known = () => hub.json<{ devices: { node: string }[] }>('/devices');
  await until(async () => (await known()).devices.some(({ node }) => node === 'seals/locks'));
});
afterAll(async () => {
  await lock?.stop();
  await box?.close();
  await hub?.close();
  rmSync(secrets, { recursive: true, force: true });
});

const events = async (type: string) =>
  (await hub.json<EventPage>(`/events?type=${type}&limit=1000`)).events.map(({ event }) => event);
const post = async (path: string, body: object = {}, cookie = hub.cookie) => {
  const answer = await hub.api(path, { method: 'POST', body: JSON.stringify(body), cookie });
  return { status: answer.status, body: (await answer.json()) as CommandView & ApiProblem };
};
const ask = async (more: object = {}) =>
  (
    await post('/commands', {
      box: id,
      flow: 'seals',
      node: 'locks',
      device,
      action: 'unlock',
      reason: 'inspection of the load',
      ...more,
    })
  ).body;
const approve = (command: CommandView) => post(`/commands/${command.id}/approve`, {}, second);
const now = async (command: CommandView) =>
  (await hub.json<CommandList>('/commands')).commands.find((known) => known.id === command.id);
const becomes = (command: CommandView, state: CommandView['state']) =>
  until(async () => (await now(command))?.state === state, `${command.action} ${state}`, 100_000);
async function done(action: 'lock' | 'unlock', more: object = {}): Promise<CommandView> {
  const command = await ask({ action, ...more });
  await approve(command);
  await becomes(command, 'confirmed');
  return command;
}

test('a lock opens when two want it, and closes again; its own report is what counts', async () => {
  const command = await ask({ zone: square(place.lon, place.lat) });
  expect(command).toMatchObject({ state: 'asked', askedBy: 'admin', physical: true });
  expect((await post(`/commands/${command.id}/approve`)).body).toMatchObject({
    status: 403,
    code: 'command.same',
  });
  expect((await now(command))?.state).toBe('asked');
  expect((await approve(command)).status).toBe(202);
  await becomes(command, 'confirmed');
  expect(await now(command)).toMatchObject({ approvedBy: 'mei' });
  expect((await approve(command)).body).toMatchObject({ status: 409, code: 'command.over' });
  await until(async () => (await events('quaywatch.command.confirmed')).length > 0);
  expect(JSON.stringify(await events('quaywatch.command.*'))).not.toContain(simulatedPassword);
  await done('lock');
  expect(await events('quaywatch.seal.unauthorised')).toEqual([]);
});

test('who lacks the role neither asks nor approves', async () => {
  const asOnly = async (name: string, role: Role) => {
    const store = openSqliteStore(places(hub.config.data).database);
    const token = await mintSignIn(store.people, { name, roles: [role] }, Date.now() + 60_000);
    await store.close();
    return signIn(`${hub.hub.url}/signin#${token}`);
  };
  const command = await ask();
  const operator = await asOnly('ann', 'operator');
  const refused = { status: 403, code: 'api.role' };
  expect((await post(`/commands/${command.id}/approve`, {}, operator)).body).toMatchObject(refused);
  const inspector = await asOnly('bob', 'inspector');
  const { box: at, flow, node, action, reason } = command;
  const wish = { box: at, flow, node, device, action, reason };
  expect((await post('/commands', wish, inspector)).body).toMatchObject(refused);
  expect((await now(command))?.state).toBe('asked');
});

test('outside the zone it stays closed', async () => {
  const command = await ask({ zone: square(121, 30) });
  await approve(command);
  await becomes(command, 'refused');
  expect(await now(command)).toMatchObject({ code: 'command.outside' });
});

test('an authorisation that ended, or has not begun, opens nothing', async () => {
  const soonMs = Date.now() + 5000; // it has to be asked for before
  const ended = await ask({ notAfter: new Date(soonMs).toISOString() });
  await until(() => Date.now() > soonMs + 100);
  expect((await approve(ended)).body).toMatchObject({ status: 409, code: 'command.over' });
  const early = await ask({ notBefore: new Date(Date.now() + 60_000).toISOString() });
  await approve(early);
  await becomes(early, 'refused');
  expect(await now(early)).toMatchObject({ code: 'command.early' });
});

test('a lock that opens by itself is an alarm', async () => {
  lock.fault('opensItself', true);
  const [alarm] = await until(async () => {
    const found = await events('quaywatch.seal.unauthorised');
    return found.length > 0 ? found : undefined;
  });
  expect(alarm).toMatchObject({ priority: 'alarm', subject: device, data: { before: 'locked' } });
  lock.fault('opensItself', false);
});

test('a lock that acknowledges and does not open: time is over, an alarm; sent again, it is not told twice', async () => {
  lock.fault('noOpen', true);
  const command = await ask({ timeoutSeconds: 8 });
  await approve(command);
  await becomes(command, 'acknowledged');
  // A hub that comes back sends what is not done yet again.
  await hub.restart();
  await becomes(command, 'timedOut');
  // the events of a box come by a way of their own, behind what it says of a command
  const sent = async () =>
    (await events('quaywatch.command.sent')).filter(({ data }) => data.command === command.id);
  await until(async () => (await sent()).length > 0);
  const late = await until(async () =>
    (await events('quaywatch.command.timedOut')).find(({ data }) => data.command === command.id),
  );
  expect(late).toMatchObject({ priority: 'alarm', data: { acknowledged: true, code: 'command.timedOut' } });
  // What two officers have authorised stays so until its end: an opening that comes late is told as late.
  lock.fault('opensItself', true);
  await becomes(command, 'confirmed');
  expect(await now(command)).toMatchObject({ late: true });
  expect(await sent()).toHaveLength(1);
});
