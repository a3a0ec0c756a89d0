import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { openPostgresStore } from '#hub/store/postgres/postgres';
import { openSqliteStore } from '#hub/store/sqlite/sqlite';
import type { Store } from '#hub/store/store';
import { type BoxLink, Chain, enrol, type Identity, link } from '#test/support/box-client';
import { until } from '#test/support/hub';
import { hubProcess } from '#test/support/hub-process';
import { type Postgres, postgres, postgresPrograms } from '#test/support/postgres';
import { runQuaywatch } from '#test/support/quaywatch';

const programs = postgresPrograms();
const flow = {
  id: 'gate-to-yard',
  version: 1,
  nodes: [
    { id: 'gates', driver: 'events', config: { types: ['quaywatch.passage.observed'] } },
    { id: 'fences', driver: 'events', config: { types: ['quaywatch.fence.*'] } },
    {
      id: 'way',
      stage: 'control',
      config: {
        plan: 'gate-to-yard',
        latenessSeconds: 60,
        steps: [
          { id: 'gate', point: 'gate-1' },
          { id: 'road', enter: 'road', maxSeconds: 1 },
          { id: 'yard', enter: 'yard' },
        ],
      },
    },
    { id: 'out', stage: 'emit', config: { priority: 'alarm' } },
  ],
  wires: [
    { from: 'gates', to: 'way' },
    { from: 'fences', to: 'way' },
    { from: 'way', to: 'out' },
  ],
};

/** What trucks do at random, as events of a box; some come late. */
function traffic(chain: Chain, count: number): Event[] {
  return Array.from({ length: count }, () => {
    const truck = `truck-${Math.floor(Math.random() * 20)}`;
    const time = new Date(Date.now() - (Math.random() < 0.2 ? 20_000 * Math.random() : 0)).toISOString();
    const where = ['gate', 'road', 'yard'][Math.floor(Math.random() * 3)] as string;
    if (where !== 'gate')
      return chain.event('verdict', {
        type: 'quaywatch.fence.enter',
        subject: truck,
        time,
        data: { fence: where },
      });
    const data = { object: truck, point: 'gate-1', confidence: 1, quality: 'good', attributes: {} };
    return chain.event('verdict', { type: 'quaywatch.passage.observed', subject: 'camera', time, data });
  });
}

const connected = (identity: Identity): Promise<BoxLink> =>
  until(() => link(identity).catch(() => undefined));

/** Everything of an event that does not depend on where and under which number it was concluded. */
function comparable(list: readonly Event[]) {
  const places = new Map(list.map(({ id }, place) => [id, place]));
  return list.map(({ type, subject, time, data, priority, supersedes }) => ({
    type,
    subject,
    time,
    data,
    priority,
    corrects: supersedes === undefined ? undefined : places.get(supersedes),
  }));
}

/** A hub that is killed `kills` times under load, with a flow; what it concluded and what one run concludes. */
async function killed(store: { config: object; open: (folder: string) => Promise<Store> }, kills: number) {
  const folder = await mkdtemp(join(tmpdir(), 'quaywatch-hub-flows-'));
  await writeFile(join(folder, 'flow.json'), JSON.stringify(flow));
  const machine = await hubProcess(folder, ['quay'], { flows: ['flow.json'], ...store.config });
  let hub = await machine.start();
  try {
    const identity = await enrol(await machine.token('quay'));
    const chain = new Chain(identity.box, identity.site);
    const all: Event[] = [];
    for (let life = 0; life <= kills; life += 1) {
      const box = await connected(identity);
      let sent = 0;
      const timer = setInterval(() => {
        const upto = Math.max(0, ...box.acknowledgements().map((one) => one.upto));
        if (life < kills && all.length < 4000) all.push(...traffic(chain, 5));
        sent = Math.max(sent, upto);
        const next = all.slice(sent, sent + 50);
        if (next.length > 0) box.sendBatch(chain.batch('verdict', next));
        sent += next.length;
      }, 5);
      if (life < kills) await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 1200));
      else await until(() => box.acknowledgements().some(({ upto }) => upto === all.length), 'all is stored');
      clearInterval(timer);
      if (life < kills) {
        await hub.stop('SIGKILL');
        hub = await machine.start();
      }
      await box.close();
    }
    // A truck that comes after all timers are due ends the comparison: what comes later is not decided.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const box = await connected(identity);
    const data = { object: 'last', point: 'gate-1', confidence: 1, quality: 'good', attributes: {} };
    all.push(
      chain.event('verdict', {
        type: 'quaywatch.passage.observed',
        subject: 'camera',
        time: new Date().toISOString(),
        data,
      }),
    );
    box.sendBatch(chain.batch('verdict', all.slice(-1)));
    await until(() => box.acknowledgements().some(({ upto }) => upto === all.length), 'the last is stored');
    await box.close();
    const cookie = await machine.cookie();
    await until(async () => {
      const address = `${machine.api}/events?subject=last&type=quaywatch.control.step`;
      const answer = await fetch(address, { headers: { cookie } });
      return ((await answer.json()) as { events: unknown[] }).events.length === 1;
    }, 'the flow has come to the last');
    await hub.stop('SIGTERM');

    const records = await store.open(folder);
    const stored = await records.records.after(0, 1_000_000);
    await records.close();
    const lines = stored.map((one) => `${JSON.stringify(one)}\n`).join('');
    const run = await runQuaywatch(['flow', 'run', join(folder, 'flow.json'), '--hold'], lines);
    const wanted = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    const own = stored
      .map(({ event }) => event)
      .filter(({ box: by, source }) => by === 'hub-1' && source.includes('/flows/gate-to-yard/'));
    const end = own.findIndex(({ subject }) => subject === 'last') + 1;
    return { all, own: own.slice(0, end), wanted, stderr: run.stderr };
  } finally {
    await hub.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

function expectSame({ own, wanted, all, stderr }: Awaited<ReturnType<typeof killed>>): void {
  expect(stderr).toBe('');
  expect(own.length).toBeGreaterThan(all.length / 10);
  expect(own.some(({ type }) => type.endsWith('.overdue'))).toBe(true);
  expect(own.some(({ supersedes }) => supersedes !== undefined)).toBe(true);
  expect(comparable(own)).toEqual(comparable(wanted));
}

describe('a flow of a hub that is killed at random concludes what one uninterrupted run concludes', () => {
  test('SQLite', { timeout: 300_000 }, async () => {
    const store = {
      config: {},
      open: async (folder: string) => openSqliteStore(join(folder, 'data', 'hub.sqlite')),
    };
    expectSame(await killed(store, 3));
  });

  describe.skipIf(programs === undefined)('PostgreSQL', () => {
    let server: Postgres;
    beforeAll(async () => {
      server = await postgres(programs ?? '');
    }, 60_000);
    afterAll(() => server?.stop(), 60_000);

    test('PostgreSQL', { timeout: 300_000 }, async () => {
      const url = await server.create();
      expectSame(
        await killed({ config: { store: { postgres: url } }, open: () => openPostgresStore(url) }, 2),
      );
    });
  });
});
