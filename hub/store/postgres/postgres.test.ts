import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Priority } from '#flows/event';
import { type Postgres, postgres, postgresPrograms } from '#test/support/postgres';
import { sampleEvent } from '../conformance/samples.ts';
import { storeCases } from '../conformance.ts';
import type { EventQuery, Store } from '../store.ts';
import { openDatabase } from './database.ts';
import { pageQuery } from './pages.ts';
import { openPostgresStore } from './postgres.ts';

const programs = postgresPrograms();
const time = Date.UTC(2026, 0, 1);
const one = (sequence: number, after?: number) => ({
  box: 'b',
  site: 'quay',
  priority: 'alarm' as const,
  items: [{ event: sampleEvent('b', sequence) }],
  ...(after !== undefined && { after }),
});

describe.skipIf(programs === undefined)('PostgreSQL', () => {
  let server: Postgres;
  let url: string;
  let store: Store;
  beforeAll(async () => {
    server = await postgres(programs ?? '');
  }, 60_000);
  afterAll(() => server?.stop(), 60_000);
  beforeEach(async () => {
    url = await server.create();
    store = await openPostgresStore(url);
  });
  afterEach(() => store.close());
  async function reopen(): Promise<Store> {
    await store.close();
    store = await openPostgresStore(url);
    return store;
  }

  describe('conforms', () => {
    for (const { name, run } of storeCases) test(name, () => run(store, reopen));
  });

  test('a group that fails leaves nothing behind', async () => {
    const bad = { ...sampleEvent('b', 2), sequence: 'two' } as unknown as ReturnType<typeof sampleEvent>;
    const items = [{ event: sampleEvent('b', 1) }, { event: bad }];
    await expect(store.records.append([{ ...one(1), items }], time)).rejects.toThrow();
    expect(await store.records.page({ limit: 10 })).toEqual([]);
    expect(await store.records.watermarks()).toEqual([]);
  });

  test('two hubs that append at once: positions without a gap, and who is behind stores nothing', async () => {
    const other = await openPostgresStore(url);
    const rounds = Array.from({ length: 20 }, (_, n) => n + 1);
    const answers = await Promise.all(
      rounds.flatMap((n) =>
        [store, other].map((by, side) =>
          by.records.append(
            [{ ...one(n), box: `b${side}`, items: [{ event: sampleEvent(`b${side}`, n) }] }],
            time,
          ),
        ),
      ),
    );
    const positions = answers.flatMap(([answer]) => answer?.stored.map(({ position }) => position) ?? []);
    expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    await store.records.append([one(1, 0)], time);
    const [late] = await other.records.append([one(1, 0)], time);
    expect(late).toEqual({ stored: [], upto: 1, moved: true });
    const [next] = await other.records.append([one(2, 1)], time);
    expect(next).toMatchObject({ upto: 2, stored: [{ position: 42 }] });
    await other.close();
  });

  test('after a kill of the server what was acknowledged is there, and the next append finds it again', {
    timeout: 90_000,
  }, async () => {
    await store.records.append([one(1)], time);
    await server.kill();
    await expect(store.records.append([one(2)], time)).rejects.toThrow();
    await server.start();
    expect((await store.records.append([one(2)], time))[0]?.upto).toBe(2);
    expect((await store.records.page({ limit: 9 })).map(({ event }) => event.sequence)).toEqual([2, 1]);
  });

  test('alarms among telemetry of the same type are found without reading the telemetry', async () => {
    const add = (priority: Priority, type: (n: number) => string, from: number, count: number) => {
      const items = Array.from({ length: count }, (_, n) => ({
        event: sampleEvent('b', from + n, { type: type(n) }),
      }));
      return store.records.append([{ box: 'b', site: 'quay', priority, items }], time);
    };
    await add('telemetry', () => 'quaywatch.reading.observed', 1, 2000);
    await add('alarm', (n) => `quaywatch.other.t${n % 40}`, 3000, 2000);
    await add('alarm', () => 'quaywatch.reading.observed', 6000, 3);
    const database = await openDatabase(url);
    await database.run('ANALYZE event');
    const type = ['quaywatch.reading.observed'];
    const planOf = async (query: Omit<EventQuery, 'limit'>): Promise<string> => {
      const { text, values } = pageQuery({ limit: 9, ...query });
      const rows = await database.rows<{ 'QUERY PLAN': string }>(`EXPLAIN ANALYZE ${text}`, values);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    for (const query of [{ type, priority: ['alarm'] as const }, { type }]) {
      const plan = await planOf({ ...query });
      expect(plan).toMatch(/Index Scan.* using event_type /);
      expect(plan).toContain('priority = p.priority');
      expect(plan).not.toMatch(/Seq Scan|Rows Removed/);
    }
    const told = await planOf({ subject: 'device-1', type: ['quaywatch.other.t1', 'quaywatch.other.t2'] });
    expect(told).toMatch(/Index Scan.* using event_told /);
    expect(told).not.toMatch(/Seq Scan on event|Rows Removed|event_subject/);
    await database.close();
    const page = await store.records.page({ limit: 9, type: ['quaywatch.read*'], priority: ['alarm'] });
    expect(page.map(({ event }) => event.sequence)).toEqual([6002, 6001, 6000]);
  });

  test('texts that PostgreSQL cannot hold are stored all the same', async () => {
    const nul = sampleEvent('b', 1, { subject: 'a\0b', data: { text: 'x\0\n"\\ü' } });
    await store.records.append([{ ...one(1), items: [{ event: nul }] }], time);
    expect((await store.records.one('b', 1))?.event).toEqual(nul);
  });

  test('a database of newer software is not touched, and a wrong address says what to do', async () => {
    const database = await openDatabase(url);
    await database.run('UPDATE schema_version SET version = 99');
    await database.close();
    await expect(openPostgresStore(url)).rejects.toThrow(/schema version 99/);
    const nowhere = 'postgres://me:secret@127.0.0.1:1/none';
    const refused = await openPostgresStore(nowhere).catch((error: unknown) => error);
    expect(refused).toMatchObject({ problem: { code: 'store.postgres' } });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });
});
