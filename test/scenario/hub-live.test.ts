import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { fromBase64, verifier, verifyDocument } from '#flows/trust/sign';
import type { Release, Status, TapCommand } from '#flows/wire';
import type { BoxView, EventPage, LiveMessage, ReleasePlan, TapStarted } from '#hub/api/types';
import { type BoxLink, Chain, enrol, type Identity, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function newBox(): Promise<{ box: BoxLink; chain: Chain; id: string; identity: Identity }> {
  const identity = await enrol(await hub.token());
  const box = await link(identity);
  return { box, chain: new Chain(identity.box, identity.site), id: identity.box, identity };
}

class Screen {
  readonly messages: LiveMessage[] = [];
  readonly socket: WebSocket;
  constructor(headers: Record<string, string>) {
    this.socket = new WebSocket(`${hub.hub.url.replace('http', 'ws')}/api/v1/live`, { headers });
    this.socket.on('message', (data) => this.messages.push(JSON.parse(String(data)) as LiveMessage));
  }
  of<K extends LiveMessage['kind']>(kind: K): Extract<LiveMessage, { kind: K }>[] {
    return this.messages.filter((message) => message.kind === kind) as Extract<LiveMessage, { kind: K }>[];
  }
}

async function screen(): Promise<Screen> {
  const made = new Screen({ cookie: hub.cookie, origin: hub.hub.url });
  await until(() => made.of('hello')[0]);
  return made;
}

const statusOf = (id: string, state: 'live' | 'stale', received = 1): Status => ({
  kind: 'status',
  box: id,
  site: 'quay',
  name: 'box',
  time: new Date().toISOString(),
  uptimeS: 1,
  version: '1',
  outbox: { pending: { alarm: 0 }, bytes: 0, full: false },
  flows: [{ id: 'f', version: 1, hash: 'h', state: 'running', received, emitted: 0, failed: 0, dropped: 0 }],
  devices: [
    { node: 'f/gps', driver: 'nmea', state, since: new Date().toISOString(), messages: received, errors: 0 },
  ],
  rssBytes: 1,
  lagMs: 0,
});

describe('the live stream', () => {
  test('gives events after they are stored, in order, and objects and boxes as they change', async () => {
    const { box, chain, id } = await newBox();
    const watching = await screen();
    const position = { lon: 119, lat: 34, quality: 'good', fix: true, attributes: {} };
    const events = Array.from({ length: 20 }, (_, i) =>
      chain.event('telemetry', {
        type: 'quaywatch.position.observed',
        subject: 'truck-live',
        data: { ...position, lon: 119 + i / 100 },
      }),
    );
    for (const event of events) box.sendBatch(chain.batch('telemetry', [event]));
    const own = () => watching.of('event').filter(({ event }) => event.event.box === id);
    await until(() => own().length === 20);
    expect(own().map(({ event }) => event.event.sequence)).toEqual(events.map(({ sequence }) => sequence));
    await until(() =>
      watching.of('objects').some(({ objects }) => objects.some(({ lon }) => Math.abs(lon - 119.19) < 1e-9)),
    );
    await box.close();
    await until(() => watching.of('box').some((m) => m.box.box === id && m.box.link === 'lost'));
    watching.socket.close();
  });

  test('gives what is watched only', async () => {
    const [one, two] = [await newBox(), await newBox()];
    const watching = await screen();
    const watch = { kind: 'watch', events: { priorities: ['alarm'], boxes: [one.id] }, objects: false };
    watching.socket.send(JSON.stringify(watch));
    await new Promise((resolve) => watching.socket.once('pong', resolve).ping());
    for (const { box, chain } of [two, one])
      for (const priority of ['telemetry', 'alarm'] as const)
        box.sendBatch(chain.batch(priority, [chain.event(priority)]));
    await until(() => watching.of('event').length > 0);
    await until(() => one.box.acknowledgements().filter(({ upto }) => upto > 0).length >= 2);
    await until(() => two.box.acknowledgements().filter(({ upto }) => upto > 0).length >= 2);
    expect(watching.of('event').map(({ event }) => [event.event.box, event.event.priority])).toEqual([
      [one.id, 'alarm'],
    ]);
    watching.socket.close();
    await Promise.all([one.box.close(), two.box.close()]);
  });

  test('closes on nonsense, and is not for other pages', async () => {
    const watching = await screen();
    const closed = new Promise<number>((resolve) => watching.socket.once('close', resolve));
    watching.socket.send('{"kind":"poem"}');
    expect(await closed).toBe(4400);
    for (const headers of [{ cookie: hub.cookie, origin: 'http://evil.example' }, { origin: hub.hub.url }]) {
      const refused = new Screen(headers);
      const error = await new Promise<Error>((resolve) => refused.socket.once('error', resolve));
      expect(error.message).toMatch(/40[13]/);
    }
  });

  test('a screen that does not read costs others nothing, and hears how many it missed', async () => {
    const { box, chain, id } = await newBox();
    const quick = await screen();
    const slow = await rawScreen();
    slow.socket.pause();
    const text = 'x'.repeat(100_000);
    const count = 280; // 28 MB: more than the socket, the system's buffers and the queue hold
    for (let sent = 0; sent < count; sent += 20) {
      const events = Array.from({ length: 20 }, () => chain.event('alarm', { data: { text } }));
      box.sendBatch(chain.batch('alarm', events));
      const last = events.at(-1)?.sequence;
      await until(() => quick.of('event').at(-1)?.event.event.sequence === last);
    }
    const own = (of: readonly LiveMessage[]) =>
      of.flatMap((m) => (m.kind === 'event' && m.event.event.box === id ? [m.event.event.sequence] : []));
    expect(own(quick.messages)).toHaveLength(count);
    slow.socket.resume();
    const messages = await until(() => {
      const all = slow.messages();
      return all.some(({ kind }) => kind === 'skipped') ? all : undefined;
    });
    const got = own(messages);
    const missed = messages.reduce((sum, m) => sum + (m.kind === 'skipped' ? m.events : 0), 0);
    expect(got).toEqual([...got].sort((a, b) => a - b));
    expect(got.length + missed).toBe(count);
    expect(missed).toBeGreaterThan(0);
    slow.socket.destroy();
    quick.socket.close();
    await box.close();
  });
});

/** A live client on a bare socket, so that the test says when it reads. Frames of the server are unmasked. */
async function rawScreen(): Promise<{ socket: Socket; messages: () => LiveMessage[] }> {
  const { port, host } = new URL(hub.hub.url);
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  let bytes: Buffer = Buffer.alloc(0);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => {});
  socket.write(
    `GET /api/v1/live HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: ${hub.cookie}\r\n\r\n`,
  );
  const found: LiveMessage[] = [];
  let at = 0;
  const messages = (): LiveMessage[] => {
    bytes = Buffer.concat([bytes.subarray(at), ...parts.splice(0)]);
    at = found.length === 0 ? bytes.indexOf('\r\n\r\n') + 4 : 0;
    while (at > (found.length === 0 ? 3 : -1) && at + 10 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
      if (at + head + length > bytes.length) break;
      if (((bytes[at] ?? 0) & 0x0f) === 1)
        found.push(JSON.parse(bytes.toString('utf8', at + head, at + head + length)) as LiveMessage);
      at += head + length;
    }
    if (found.length === 0) at = 0;
    return found;
  };
  await until(() => messages().length > 0);
  return { socket, messages };
}

describe('boxes and their devices', () => {
  test('a status is shown at once and found again at any moment of the past', async () => {
    const { box, id } = await newBox();
    box.send(statusOf(id, 'live'));
    await until(async () => (await hub.json<BoxView>(`/boxes/${id}`)).status);
    const then = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    box.send(statusOf(id, 'stale', 2));
    const states = async (query = '') =>
      (await hub.json<{ devices: { box: string; state: string }[] }>(`/devices${query}`)).devices
        .filter((device) => device.box === id)
        .map(({ state }) => state);
    await until(async () => (await states())[0] === 'stale');
    expect(await states(`?at=${then}`)).toEqual(['live']);
    expect(await states('?at=2020-01-01T00:00:00Z')).toEqual([]);
    await box.close();
    await until(async () => (await hub.json<BoxView>(`/boxes/${id}`)).link === 'lost');
    const before = await hub.json<{ boxes: BoxView[] }>(`/boxes?at=${then}`);
    expect(before.boxes.find((view) => view.box === id)).toMatchObject({ link: 'connected' });
  });
});

describe('releases', () => {
  const flow = (version: number, threshold: number) => ({
    id: 'watch',
    version,
    nodes: [
      { id: 'gps', driver: 'nmea', config: { connect: '127.0.0.1:7700' } },
      { id: 'slow', stage: 'filter', config: { when: `m.speedKph < ${threshold}.0` } },
      { id: 'out', stage: 'emit', config: { priority: 'alarm' } },
    ],
    wires: [
      { from: 'gps', to: 'slow' },
      { from: 'slow', to: 'out' },
    ],
  });
  const ask = (id: string, what: 'plan' | 'release', body: unknown) =>
    hub.api(`/boxes/${id}/${what}`, { method: 'POST', body: JSON.stringify(body) });
  const releases = (box: BoxLink) =>
    box.received.filter((message): message is Release => message.kind === 'release');

  test('is planned, signed, sent, sent again until it is reported, and shown', async () => {
    const { box, id, identity } = await newBox();
    const plan = (await (await ask(id, 'plan', { flows: [flow(1, 5)] })).json()) as ReleasePlan;
    expect(plan).toEqual({
      version: 1,
      bundles: [],
      changes: [{ flow: 'watch', change: 'add' }],
      fenceSets: [],
      lost: [],
      problems: [],
    });
    expect((await ask(id, 'release', { flows: [flow(1, 5)] })).status).toBe(202);
    const first = await until(() => releases(box)[0]);
    const key = fromBase64(identity.releaseKey) ?? new Uint8Array();
    expect(verifyDocument(first, verifier(key))).toBe(true);
    expect(first).toMatchObject({ box: id, version: 1, confirmLoss: [] });
    await box.close();
    const again = await link(identity);
    expect(await until(() => releases(again)[0])).toEqual(first);
    again.send({ kind: 'release-report', box: id, version: 1, state: 'running' });
    await until(async () => (await hub.json<BoxView>(`/boxes/${id}`)).release?.state === 'running');
    await again.close();
    const third = await link(identity);
    await until(() => third.acknowledgements().length === 3);
    await third.client.publishAsync(`quaywatch/v1/${id}/up`, JSON.stringify(statusOf(id, 'live')), {
      qos: 1,
    });
    await until(async () => (await hub.json<BoxView>(`/boxes/${id}`)).status);
    expect(releases(third)).toEqual([]);

    const next = (await (await ask(id, 'plan', { flows: [flow(2, 9)] })).json()) as ReleasePlan;
    expect(next).toMatchObject({
      version: 2,
      changes: [
        { flow: 'f', change: 'remove' },
        { flow: 'watch', change: 'change' },
      ],
    });
    await ask(id, 'release', { flows: [] });
    await until(() => releases(third).length === 1);
    third.send({ kind: 'release-report', box: id, version: 2, state: 'refused', code: 'x.y', detail: 'no' });
    const view = await until(async () => {
      const { release } = await hub.json<BoxView>(`/boxes/${id}`);
      return release?.state === 'refused' ? release : undefined;
    });
    expect(view).toEqual({ version: 2, state: 'refused', detail: 'x.y: no' });
    await third.close();
  });

  test('with problems is not sent, and the plan says where they are', async () => {
    const { box, id } = await newBox();
    const wrong = { ...flow(1, 5), wires: [{ from: 'gps', to: 'nowhere' }] };
    const plan = (await (await ask(id, 'plan', { flows: [wrong] })).json()) as ReleasePlan;
    expect(plan.problems[0]?.path).toMatch(/^flows\[0\]\./);
    const answer = await ask(id, 'release', { flows: [wrong] });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'release.problems' }]);
    expect((await ask('b-unknown', 'release', { flows: [] })).status).toBe(404);
    expect(releases(box)).toEqual([]);
    await box.close();
  });
});

test('a tap reaches the box signed, and its reports the screen that asked, and no other', async () => {
  const { box, id, identity } = await newBox();
  const [mine, other] = [await screen(), await screen()];
  const client = mine.of('hello')[0]?.client;
  const wish = { flow: 'watch', node: 'gps', client };
  const ask = (body: unknown) => hub.api(`/boxes/${id}/tap`, { method: 'POST', body: JSON.stringify(body) });
  const answer = (await (await ask(wish)).json()) as TapStarted;
  const command = await until(() =>
    box.received.find((message): message is TapCommand => message.kind === 'tap'),
  );
  expect(command).toMatchObject({
    id: answer.id,
    box: id,
    flow: 'watch',
    node: 'gps',
    port: 'out',
    seconds: 60,
  });
  expect(verifyDocument(command, verifier(fromBase64(identity.releaseKey) ?? new Uint8Array()))).toBe(true);
  box.send({ kind: 'tap-report', box: id, id: 'invented', messages: [], skipped: 0 });
  box.send({ kind: 'tap-report', box: id, id: answer.id, messages: [{ kind: 'position' }], skipped: 3 });
  const [report] = await until(() => (mine.of('tap').length > 0 ? mine.of('tap') : undefined));
  expect(report?.tap).toMatchObject({ id: answer.id, messages: [{ kind: 'position' }], skipped: 3 });
  expect(mine.of('tap')).toHaveLength(1);
  expect(other.of('tap')).toHaveLength(0);
  expect((await ask({ ...wish, client: 'gone' })).status).toBe(404);
  await box.close();
  await until(async () => (await hub.json<BoxView>(`/boxes/${id}`)).link === 'lost');
  expect((await ask(wish)).status).toBe(409);
  for (const { socket } of [mine, other]) socket.close();
});

test('the page of events and the stream agree on positions', async () => {
  const { box, chain } = await newBox();
  const watching = await screen();
  box.sendBatch(chain.batch('alarm', [chain.event('alarm', { time: new Date().toISOString() })]));
  const live = await until(() => watching.of('event')[0]);
  const { events } = await hub.json<EventPage>('/events?limit=1');
  expect(events[0]).toEqual(live.event);
  watching.socket.close();
  await box.close();
});
