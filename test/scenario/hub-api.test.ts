import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Priority } from '#flows/event';
import type {
  ApiProblem,
  EventPage,
  MapLayers,
  ObjectList,
  Overview,
  Session,
  Timeline,
  Track,
} from '#hub/api/types';
import type { WatchScreening } from '#hub/api/watch-types';
import { command as auditCommand } from '#hub/commands/audit';
import { command as userCommand } from '#hub/commands/user';
import { Chain, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let hub: TestHub;
const start = Date.UTC(2026, 4, 1, 8);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

beforeAll(async () => {
  hub = await startHub();
  for (const site of ['quay', 'yard']) await feed(site);
}, 60_000);
afterAll(() => hub.close());

/** A truck that drives for ten minutes, through a fence, with a seal that is tampered with. */
async function feed(site: string): Promise<void> {
  const identity = await enrol(await hub.token(site, site), site);
  const box = await link(identity);
  const chain = new Chain(identity.box, site);
  const subject = `truck-${site}`;
  const fixes = Array.from({ length: 600 }, (_, second) =>
    chain.event('telemetry', {
      type: 'quaywatch.position.observed',
      subject,
      time: at(second),
      data: { lon: 119 + second / 10_000, lat: 34, speedKph: 30, quality: 'good', fix: true, attributes: {} },
    }),
  );
  const fence = (change: string, second: number) =>
    chain.event('alarm', {
      type: `quaywatch.fence.${change}`,
      subject,
      time: at(second),
      data: { fence: 'gate-a' },
    });
  const seal = (state: string, second: number) =>
    chain.event('verdict', {
      type: `quaywatch.seal.${state}`,
      subject: `seal-${site}`,
      time: at(second),
      data: { state, container: 'QWLU1234560', attributes: { vehicle: subject } },
    });
  const alarms = [fence('enter', 100), fence('exit', 200)];
  const verdicts = [seal('locked', 50), seal('tampered', 300)];
  box.sendBatch(chain.batch('telemetry', fixes));
  box.sendBatch(chain.batch('alarm', alarms));
  box.sendBatch(chain.batch('verdict', verdicts));
  await until(() => box.acknowledgements().some(({ priority, upto }) => priority === 'verdict' && upto > 0));
  await until(() =>
    box.acknowledgements().some(({ priority, upto }) => priority === 'telemetry' && upto === 600),
  );
  await box.close();
}

const problem = async (answer: Response) => (await answer.json()) as ApiProblem;

describe('signing in', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${hub.hub.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const run = async (args: string[], input = '') => {
    const out: string[] = [];
    const stdin = new PassThrough();
    stdin.end(input);
    const stdout = new PassThrough().setEncoding('utf8').on('data', (text: string) => out.push(text));
    const stderr = new PassThrough().resume();
    const command = args[0] === 'audit' ? auditCommand : userCommand;
    const io = { stdin, stdout, stderr, signal: new AbortController().signal };
    const code = await command.run([...args.slice(1), '--config', hub.configFile], io);
    return { code, out: out.join('') };
  };

  test('the link counts once and its file is for the owner', async () => {
    const url = new URL(hub.hub.signInUrl);
    expect((await stat(join(hub.config.data, 'sign-in.url'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(hub.config.data, 'sign-in.url'), 'utf8')).trim()).toBe(url.href);
    expect(await problem(await post({ token: url.hash.slice(1) }))).toMatchObject({
      status: 401,
      code: 'api.credentials',
    });
  });

  test('the cookie is out of reach of scripts and of other pages', async () => {
    const { out } = await run(['user', 'link', 'root']);
    const answer = await post({ token: new URL(out.trim()).hash.slice(1) });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    expect(((await answer.json()) as Session).roles).toContain('admin');
  });

  test('a user signs in by password, may do what the role says and sees the own sites', async () => {
    const add = ['user', 'add', 'mei', '--roles', 'viewer', '--sites', 'yard'];
    await expect(run(add, 'short\n')).rejects.toThrow(/too short/);
    expect((await run(add, 'a long enough password\n')).code).toBe(0);
    await expect(run(add, 'a long enough password\n')).rejects.toThrow(/mei already/);
    expect((await post({ user: 'mei', password: 'wrong' })).status).toBe(401);
    const answer = await post({ user: 'mei', password: 'a long enough password' });
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const get = async (path: string) => (await hub.api(path, { cookie })).json();

    const overview = (await get('/overview')) as Overview;
    expect(overview.sites.map(({ id }) => id)).toEqual(['yard']);
    expect(overview.boxes.map(({ site }) => site)).toEqual(['yard']);
    const events = ((await get('/events?limit=1000&site=quay,yard')) as EventPage).events;
    expect(new Set(events.map(({ event }) => event.site))).toEqual(new Set(['yard']));
    const objects = ((await get(`/objects?at=${at(300)}`)) as ObjectList).objects;
    expect(objects.map(({ object }) => object)).toEqual(['truck-yard']);
    expect(((await get(`/objects/truck-quay/track?from=${at(0)}&to=${at(600)}`)) as Track).points).toEqual(
      [],
    );
    const [other] = (await hub.json<EventPage>('/events?site=quay&limit=1')).events;
    expect((await hub.api(`/events/${other?.event.box}/${other?.event.sequence}`, { cookie })).status).toBe(
      404,
    );

    const trucks = { text: 'truck-quay\ntruck-yard' };
    await hub.api('/watch-lists/trucks/entries', { method: 'POST', body: JSON.stringify(trucks) });
    const screen = (who: string) =>
      hub.api('/watch-lists/trucks/screen', {
        ...{ method: 'POST', cookie: who },
        body: JSON.stringify({ from: at(0), to: at(600) }),
      });
    const heard = async (who: string) =>
      ((await (await screen(who)).json()) as WatchScreening).hits.map(({ object }) => object).sort();
    expect(await heard(hub.cookie)).toEqual(['truck-quay', 'truck-yard']);
    expect(await heard(cookie)).toEqual(['truck-yard']);

    const refused = await hub.api('/enrolments', {
      cookie,
      method: 'POST',
      body: JSON.stringify({ name: 'x', site: 'yard' }),
    });
    expect(await problem(refused)).toMatchObject({ status: 403, code: 'api.role' });
    expect((await hub.api('/session', { cookie, method: 'DELETE' })).status).toBe(204);
    expect((await hub.api('/overview', { cookie })).status).toBe(401);
  });

  test('another page cannot act in a person’s name', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await hub.api('/session', { method: 'DELETE', headers });
    expect(await problem(answer)).toMatchObject({ status: 403, code: 'api.origin' });
    const same = { origin: hub.hub.url };
    expect((await hub.api('/map', { method: 'PUT', body: '{}', headers: same })).status).toBe(400);
  });

  test('guessing is slowed down', async () => {
    const answers = await Promise.all(Array.from({ length: 14 }, () => post({ token: 'guess' })));
    expect(answers.map(({ status }) => status)).toContain(429);
  });

  test('what was done is in the audit chain, which verifies', async () => {
    const { code, out } = await run(['audit', 'verify']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ whole: true, entries: expect.any(Number) });
    expect(JSON.parse(out).entries).toBeGreaterThan(8);
  });
});

test.each([
  '/overview',
  '/boxes',
  '/devices',
  '/events',
  '/events/b/1',
  `/timeline?from=${at(0)}&to=${at(1)}`,
  '/objects',
  '/objects/x/track',
  '/map',
  '/stages',
  '/drivers',
  '/session',
  '/openapi.json',
  '/live',
])('%s needs a session', async (path) => {
  expect(await problem(await hub.api(path, { cookie: '' }))).toMatchObject({
    status: 401,
    code: 'api.signIn',
  });
});

describe('events', () => {
  test('come newest first, page by page, each once', async () => {
    const seen: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const before: string = next === '' ? '' : `&before=${next}`;
      const page: EventPage = await hub.json<EventPage>(`/events?limit=97&to=${at(600)}${before}`);
      seen.push(...page.events.map(({ event }) => `${event.time} ${event.id}`));
      next = page.next;
    }
    expect(seen).toHaveLength(1208);
    expect(new Set(seen).size).toBe(1208);
    const times = seen.map((line) => line.split(' ')[0] ?? '');
    expect(times).toEqual([...times].sort().reverse());
  });

  test.each<
    [string, (event: { type: string; priority: Priority; subject?: string; site: string }) => boolean, number]
  >([
    ['priority=alarm', ({ priority }) => priority === 'alarm', 4],
    ['priority=alarm,verdict', ({ priority }) => priority !== 'telemetry', 8],
    ['type=quaywatch.fence.enter', ({ type }) => type === 'quaywatch.fence.enter', 2],
    ['type=quaywatch.fence.*,quaywatch.seal.tampered', ({ type }) => !type.includes('position'), 6],
    ['site=yard&priority=alarm', ({ site, priority }) => site === 'yard' && priority === 'alarm', 2],
    ['subject=truck-quay&priority=alarm', ({ subject }) => subject === 'truck-quay', 2],
    [`from=${at(100)}&to=${at(200)}&priority=alarm`, () => true, 4],
    [`at=${at(150)}&priority=alarm`, ({ type }) => type === 'quaywatch.fence.enter', 2],
    ['type=quaywatch.nothing.*', () => false, 0],
  ])('%s', async (query, fits, count) => {
    const to = query.includes('to=') ? '' : `&to=${at(600)}`;
    const { events } = await hub.json<EventPage>(`/events?limit=1000&${query}${to}`);
    expect(events).toHaveLength(count);
    expect(events.every(({ event }) => fits(event))).toBe(true);
  });

  test.each([
    '/events?from=2026-02-30T00:00:00Z',
    '/objects/truck/track?to=2026-04-31T10:00:00Z',
    '/objects/truck/place?at=2026-13-45T99:99:99Z',
    '/objects/truck/risk?at=2026-01-01T24:00:00Z',
    '/objects/truck/arrival?zone=a&deadline=2026-01-01T10:61:00Z',
    '/objects?at=2026-01-01T10:00:60Z',
    '/objects/truck/track?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
  ])('a moment that there is not, and a time that goes backwards, are refused: %s', async (path) => {
    const answer = await hub.api(path);
    expect([path, answer.status]).toEqual([path, 400]);
    expect(await answer.json()).toMatchObject({
      code: 'api.query',
      at: expect.stringMatching(/^querystring/),
    });
  });
  test.each(['yesterday', '2026-02-30T00:00:00Z', '2026-03-01T08:00:00'])(
    'how a moment is written is said: %s',
    async (at) => {
      const answer = await hub.api(`/objects/truck/place?at=${at}`);
      expect(await problem(answer)).toMatchObject({
        message: expect.stringMatching(/no moment such as 2026-03-01T08:00:00Z/),
        at: 'querystring/at',
      });
    },
  );
  test('what was told of a thing of which nothing of that kind was ever told', async () => {
    expect(await hub.json('/events?subject=truck&type=quaywatch.nothing.*')).toEqual({ events: [] });
    expect(await hub.json('/objects/nobody/place')).toMatchObject({ sightings: [] });
  });
  test.each(['limit=0', 'limit=x', 'at=yesterday', 'colour=red', 'priority=loud', 'before=1;DROP'])(
    '?%s is refused',
    async (query) => {
      const answer = await hub.api(`/events?${query}`);
      expect(await problem(answer)).toMatchObject({
        status: 400,
        code: 'api.query',
        help: expect.any(String),
      });
    },
  );
});

describe('the past', () => {
  const state = async (seconds: number) =>
    (await hub.json<ObjectList>(`/objects?at=${at(seconds)}`)).objects.find(
      ({ object }) => object === 'truck-quay',
    );

  test('an object is where it was, with its fences and its seal of then', async () => {
    expect(await state(10)).toMatchObject({ lon: 119.001, kind: 'vehicle', fences: [], speedKph: 30 });
    expect(await state(10)).not.toHaveProperty('seal');
    expect(await state(150.5)).toMatchObject({
      lon: 119.015,
      fences: ['gate-a'],
      seal: { state: 'locked', time: at(50), container: 'QWLU1234560' },
    });
    expect(await state(400)).toMatchObject({ fences: [], seal: { state: 'tampered', time: at(300) } });
    expect(await state(-1)).toBeUndefined();
  });

  test('a track is thinned to what was asked for and keeps its ends', async () => {
    const track = await hub.json<Track>(`/objects/truck-quay/track?from=${at(0)}&to=${at(599)}&points=50`);
    expect(track.thinned).toBe(true);
    expect(track.points.length).toBeGreaterThan(40);
    expect(track.points.length).toBeLessThanOrEqual(52);
    expect(track.points[0]?.time).toBe(at(0));
    expect(track.points.at(-1)?.time).toBe(at(599));
    const whole = await hub.json<Track>(`/objects/truck-quay/track?from=${at(0)}&to=${at(599)}`);
    expect(whole).toMatchObject({ thinned: false });
    expect(whole.points).toHaveLength(600);
  });

  test('a timeline counts every event once', async () => {
    const line = await hub.json<Timeline>(`/timeline?from=${at(0)}&to=${at(600)}&buckets=30`);
    expect(line.bucketS).toBe(20);
    const sum = (priority: Priority) => line.counts.reduce((total, count) => total + count[priority], 0);
    expect([sum('alarm'), sum('verdict'), sum('telemetry')]).toEqual([4, 4, 1200]);
    expect(line.counts[5]).toEqual({ alarm: 2, verdict: 0, telemetry: 40 });
  });
});

test('the map is replaced as a whole, and stays', async () => {
  const collection = (id: string): MapLayers['port'] => ({
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: { id }, geometry: { type: 'Point', coordinates: [119, 34] } }],
  });
  expect(await hub.json<MapLayers>('/map')).toMatchObject({ port: { features: [] } });
  const layers = { port: collection('quay'), fences: collection('gate-a') };
  expect((await hub.api('/map', { method: 'PUT', body: JSON.stringify(layers) })).status).toBe(204);
  expect(await hub.json<MapLayers>('/map')).toEqual(layers);
  const wrong = { ...layers, port: { type: 'Feature' } };
  expect((await hub.api('/map', { method: 'PUT', body: JSON.stringify(wrong) })).status).toBe(400);
});

test('the description of the API names every route with a summary', async () => {
  type Operation = { summary?: string };
  const { paths } = await hub.json<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json');
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/v1/events', '/api/v1/boxes/{box}/release', '/api/v1/session']),
  );
  for (const [path, operations] of Object.entries(paths))
    for (const [method, { summary }] of Object.entries(operations))
      expect(summary, `${method} ${path}`).toBeTruthy();
});

test('stages and drivers come as schemas', async () => {
  type Row = { type: string; config: { type: string; properties: object } };
  for (const path of ['/stages', '/drivers']) {
    const rows = await hub.json<Row[]>(path);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ config }) => config.type === 'object')).toBe(true);
  }
});

test('what is unknown is a problem too, and no answer can be framed or sniffed', async () => {
  const answer = await hub.api('/nothing');
  expect(await problem(answer)).toMatchObject({ status: 404, code: 'api.notFound' });
  const garbled = await hub.api('/objects/%/track');
  expect([garbled.status, await problem(garbled)]).toMatchObject([400, { status: 400, code: 'api.query' }]);
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

test('figures for Prometheus are for loopback and the signed in', async () => {
  const text = await (await fetch(`${hub.hub.url}/metrics`)).text();
  expect(text).toMatch(/quaywatch_hub_events_total\{priority="telemetry"\} 1200/);
  expect(await (await fetch(`${hub.hub.url}/health`)).json()).toEqual({ state: 'ok' });
});

test('a body that is too large is refused', async () => {
  const { port } = new URL(hub.hub.url);
  const status = await new Promise<number>((resolve, reject) => {
    const call = request(
      {
        port,
        path: '/api/v1/session',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      },
      (answer) => resolve(answer.statusCode ?? 0),
    );
    call.on('error', reject);
    call.end(JSON.stringify({ token: 'x'.repeat(1_000_000) }));
  });
  expect([413, 429]).toContain(status);
});
