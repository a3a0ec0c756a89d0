import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyChain } from '../audit-chain.ts';
import { sampleEvent } from '../conformance/samples.ts';
import { storeCases } from '../conformance.ts';
import type { EventQuery, Store } from '../store.ts';
import { createPages } from './pages.ts';
import { openSqliteStore } from './sqlite.ts';

let folder: string;
let file: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quaywatch-store-'));
  file = join(folder, 'hub.sqlite');
  store = openSqliteStore(file);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});
async function reopen(): Promise<Store> {
  await store.close();
  store = openSqliteStore(file);
  return store;
}

describe('conforms', () => {
  expect(storeCases.length).toBeGreaterThan(10);
  for (const { name, run } of storeCases) test(name, () => run(store, reopen));
});

const time = Date.UTC(2026, 0, 1);

test('a group that fails leaves nothing behind, in the file or in memory', async () => {
  const good = sampleEvent('b', 1, { type: 'quaywatch.fence.enter', data: { fence: 'a' } });
  const bad = { ...sampleEvent('b', 2), subject: { no: 'text' } } as unknown as typeof good;
  const items = [{ event: good }, { event: bad }];
  await expect(
    store.records.append([{ box: 'b', site: 'quay', priority: 'alarm', items }], time),
  ).rejects.toThrow();
  expect(await store.records.page({ limit: 10 })).toEqual([]);
  await store.records.append([{ box: 'b', site: 'quay', priority: 'alarm', items: [{ event: good }] }], time);
  expect(await store.records.page({ limit: 10, type: ['quaywatch.fence.*'] })).toHaveLength(1);
  const line = await store.records.timeline(time, time + 60_000, 1);
  expect(line.counts.reduce((sum, { alarm }) => sum + alarm, 0)).toBe(1);
});

describe('a changed audit log is found', () => {
  const tamper = async (sql: string) => {
    for (let n = 0; n < 6; n += 1)
      await store.audit.append({ time: 't', actor: 'a', action: 'x.y', subject: `${n}`, digest: 'd' });
    const other = new Database(file);
    other.exec(sql);
    other.close();
    return (await verifyChain(store.audit)).broken;
  };
  test.each([
    ['UPDATE audit SET json = replace(json, \'"subject":"2"\', \'"subject":"9"\')', 3, 'changed'],
    ['DELETE FROM audit WHERE n = 4', 4, 'missing'],
    ['DELETE FROM audit WHERE n >= 5', 5, 'missing at the end'],
    ['DELETE FROM audit', 1, 'missing at the end'],
  ])('%s', async (sql, n, reason) => {
    const broken = await tamper(sql);
    expect(broken?.n).toBe(n);
    expect(broken?.reason).toContain(reason);
  });

  test('also when the hash was made anew', async () => {
    const broken = await tamper("UPDATE audit SET json = json_set(json, '$.hash', 'f') WHERE n = 2");
    expect(broken?.n).toBe(2);
  });
});

test('every question is answered by an index, never by reading the whole table', () => {
  const sql = new Database(file, { readonly: true });
  const plan = (query: string): string =>
    sql
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`)
      .all()
      .map(({ detail }) => detail)
      .join('\n');
  const page = 'ORDER BY time DESC, position DESC LIMIT 100';
  const questions = [
    ...['subject', 'box', 'priority', 'site'].map(
      (column) =>
        `SELECT json FROM event INDEXED BY event_${column} WHERE ${column} = 1 AND time <= 2 ${page}`,
    ),
    `SELECT json FROM event INDEXED BY event_type WHERE type = 1 AND priority = 2 AND time <= 3 ${page}`,
    `SELECT json FROM event INDEXED BY event_box_type WHERE box = 1 AND type = 2 AND priority = 3 AND time <= 4 AND site IN (5) ${page}`,
    `SELECT json FROM event INDEXED BY event_time WHERE time <= 2 AND (time < 2 OR position < 3) ${page}`,
    'SELECT max(time) FROM event',
    'SELECT json FROM event WHERE box = 1 AND sequence = 2',
    'SELECT * FROM fix WHERE object = 1 AND time >= 2 AND time <= 3 ORDER BY time LIMIT 4',
    'SELECT fences FROM fence_change WHERE object = 1 AND time <= 2 ORDER BY time DESC, position DESC LIMIT 1',
    'SELECT * FROM object WHERE last >= 1',
  ];
  for (const question of questions) {
    const said = plan(question);
    expect(said, question).toContain('SEARCH');
    expect(said, question).not.toMatch(/SCAN|TEMP B-TREE/);
  }
  sql.close();
});

test('alarms among telemetry of the same type are found without reading the telemetry', () => {
  const sql = new Database(file, { readonly: true });
  const asked: string[] = [];
  const watched = {
    prepare(text: string) {
      asked.push(text);
      return sql.prepare(text);
    },
  } as unknown as typeof sql;
  const pages = createPages(watched, new Set(['t', 'u']));
  const planOf = (query: EventQuery): string[] => {
    asked.length = 0;
    pages.page(query);
    return asked.map((text) => {
      const bound = Array.from({ length: text.split('?').length - 1 }, () => 1);
      const rows = sql.prepare<number[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...bound);
      return rows.map(({ detail }) => detail).join();
    });
  };
  const byType = 'SEARCH event USING INDEX event_type (type=? AND priority=? AND time<?)';
  const byBox = 'SEARCH event USING INDEX event_box_type (box=? AND type=? AND priority=? AND time<?)';
  expect(planOf({ limit: 9, type: ['t'], priority: ['alarm'] })).toEqual([byType]);
  expect(planOf({ limit: 9, type: ['*'], priority: ['alarm'] })).toEqual([byType, byType]);
  expect(planOf({ limit: 9, type: ['t'] })).toEqual([byType, byType, byType]);
  expect(planOf({ limit: 9, box: ['b'], type: ['t'], priority: ['alarm'] })).toEqual([byBox]);
  const told = 'SEARCH event USING INDEX event_told (subject=? AND type=? AND time<?)';
  expect(planOf({ limit: 9, subject: 's', type: ['t', 'u'] })).toEqual([told, told]);
  sql.close();
});

test('a database of newer software is not touched', async () => {
  await store.close();
  const sql = new Database(file);
  const known = Number(sql.pragma('user_version', { simple: true }));
  sql.pragma('user_version = 99');
  sql.close();
  expect(() => openSqliteStore(file)).toThrow(/schema version 99/);
  const back = new Database(file);
  back.pragma(`user_version = ${known}`);
  back.close();
  store = openSqliteStore(file);
});
