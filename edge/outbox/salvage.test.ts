import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Priority, priorities } from '#flows/event';
import { Outbox } from './outbox.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'salvage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'outbox.db');
const openOutbox = () =>
  new Outbox({
    folder,
    origin: { site: 'quay', box: 'b-1' },
    maxBytes: 50_000_000,
    now: () => 1_700_000_000_000,
  });

function commit(outbox: Outbox, priority: Priority, count: number, pad = 500): void {
  const events = Array.from({ length: count }, (_, n) => ({
    flow: { id: 'gate', hash: 'f'.repeat(64) },
    emission: {
      priority,
      type: 't',
      time: '2026-11-22T10:00:00.000Z',
      data: { n, pad: 'x'.repeat(pad) },
      stage: 'out',
    },
  }));
  const entries = [{ node: 'n', space: 'state' as const, key: `k${count}`, version: 1, value: count }];
  const changes = [{ flow: 'gate', entries, reset: { document: { id: 'gate' } } }];
  outbox.commit({ events, changes, errors: [], counters: new Map() });
}

function overwrite(page: number, bytes: Uint8Array): void {
  const handle = openSync(file(), 'r+');
  writeSync(handle, bytes, 0, bytes.length, page * 4096);
  closeSync(handle);
}

/** Pages of the file that belong to a table, by SQLite's own account. */
function pagesOf(table: string): number[] {
  const store = new Database(file());
  const pages = store.prepare('SELECT pageno FROM dbstat WHERE name = ?').pluck();
  const found = pages.all(table) as number[];
  store.close();
  return found.map((page) => page - 1);
}

/** From the start, every event and tombstone of a priority names the one before it, up to the head. */
function expectChain(outbox: Outbox): Record<Priority, number[]> {
  const found = {} as Record<Priority, number[]>;
  for (const priority of priorities) {
    const { events, tombstones } = outbox.read(priority, 0, 100_000, 100_000_000);
    const links = [
      ...events.map((text) => JSON.parse(text) as { sequence: number; previous: number }),
      ...tombstones.map(({ to, previous }) => ({ sequence: to, previous })),
    ].sort((a, b) => a.sequence - b.sequence);
    let end = outbox.acknowledged(priority);
    for (const link of links) {
      expect(link.previous).toBe(end);
      end = link.sequence;
    }
    expect(outbox.last(priority)).toBe(end);
    found[priority] = events.map((text) => (JSON.parse(text) as { sequence: number }).sequence);
  }
  return found;
}

describe('a damaged outbox', () => {
  beforeEach(() => {
    const outbox = openOutbox();
    for (let n = 0; n < 20; n++) {
      commit(outbox, 'alarm', 5);
      commit(outbox, 'telemetry', 15);
    }
    outbox.acknowledge('alarm', 5);
    outbox.settle();
    outbox.close();
  });

  test('a bad page in the middle costs its rows, each range gets a tombstone, and numbers go on above', () => {
    const pages = pagesOf('event_telemetry');
    overwrite(pages[Math.floor(pages.length / 2)] as number, Buffer.alloc(4096, 0xa5));
    const outbox = openOutbox();
    expect(outbox.damage).toMatchObject({ file: expect.stringContaining('damaged-') });
    const { telemetry, alarm } = expectChain(outbox);
    expect(telemetry.length).toBeGreaterThan(250);
    expect(telemetry.length).toBeLessThan(300);
    expect(alarm).toHaveLength(95);
    expect(outbox.restore('gate')?.entries).toMatchObject([{ key: 'k15', value: 15 }]);
    const before = outbox.sequence;
    expect(before).toBe(10_000);
    commit(outbox, 'telemetry', 1);
    const [last] = outbox.read('telemetry', before, 10, 10_000).events;
    expect(JSON.parse(last as string).sequence).toBe(before + 1);
    expect(readdirSync(folder)).toContainEqual(expect.stringMatching(/^outbox\.db\.damaged-/));
    outbox.close();
    expect(openOutbox().damage).toBeUndefined();
  });

  test('several bad pages cost no more than their rows', () => {
    const pages = pagesOf('event_telemetry');
    for (const at of [0.2, 0.5, 0.51, 0.8]) {
      overwrite(pages[Math.floor(pages.length * at)] as number, Buffer.alloc(4096, 0xff));
    }
    const outbox = openOutbox();
    const { telemetry } = expectChain(outbox);
    expect(telemetry.length).toBeGreaterThan(200);
    outbox.close();
  });

  test.each([
    ['no database at all', () => overwrite(0, Buffer.alloc(8192, 0x42))],
    ['gone', () => rmSync(file())],
    ['cut short', () => copyHead(0.4)],
    ['empty pages', () => overwrite(2, Buffer.alloc(4096 * 30))],
  ])('%s: it still opens, explains what is lost and uses no number twice', (_, damage) => {
    damage();
    for (const suffix of ['-wal', '-shm']) rmSync(file() + suffix, { force: true });
    const outbox = openOutbox();
    expect(outbox.damage).toBeDefined();
    expectChain(outbox);
    commit(outbox, 'alarm', 1);
    expect(outbox.sequence).toBe(10_001);
    expectChain(outbox);
    outbox.close();
  });

  test('a wrong byte anywhere never stops it', () => {
    const size = statSync(file()).size;
    const whole = readFileSync(file());
    for (let n = 0; n < 40; n++) {
      const at = (n * 7919 * 613) % size;
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] as number) ^ 0xff;
      for (const name of readdirSync(folder)) if (name !== 'sequence') rmSync(join(folder, name));
      const handle = openSync(file(), 'w');
      writeSync(handle, copy);
      closeSync(handle);
      const outbox = openOutbox();
      if (outbox.damage) expectChain(outbox);
      else for (const priority of priorities) outbox.read(priority, 0, 100_000, 100_000_000);
      outbox.close();
    }
  });

  test('a wrong byte in an event costs that event and is never sent', () => {
    const bytes = readFileSync(file());
    const at = bytes.indexOf('"sequence":50,') + '"sequence":'.length;
    expect(at).toBeGreaterThan(100);
    const handle = openSync(file(), 'r+');
    writeSync(handle, Buffer.from('9'), 0, 1, at);
    closeSync(handle);
    const outbox = openOutbox();
    expect(outbox.damage).toBeUndefined();
    const priority = 'telemetry';
    const first = outbox.read(priority, 0, 1000, 100_000_000);
    expect(first.events).toHaveLength(first.events.findIndex((text) => text.includes('"sequence":49,')) + 1);
    const rest = outbox.read(priority, first.upto, 1000, 100_000_000);
    expect(rest.tombstones).toMatchObject([{ from: 50, to: 50, previous: 49, count: 1, reason: 'corrupt' }]);
    expect(first.events.length + rest.events.length).toBe(299);
    expectChain(outbox);
    outbox.close();
  });

  function copyHead(part: number): void {
    const bytes = readFileSync(file());
    rmSync(file());
    const handle = openSync(file(), 'w');
    writeSync(handle, bytes.subarray(0, Math.floor((bytes.length * part) / 4096) * 4096));
    closeSync(handle);
  }
});

test('a process that ends between the two renames of a repair finds the repaired file', () => {
  const outbox = openOutbox();
  commit(outbox, 'alarm', 3);
  outbox.close();
  copyFileSync(file(), `${file()}.salvaged`);
  rmSync(file());
  const again = openOutbox();
  expect(again.damage).toBeUndefined();
  expect(again.sequence).toBe(3);
  again.close();
});

test('a damaged reservation is refused: guessing could use a number twice', () => {
  const outbox = openOutbox();
  commit(outbox, 'alarm', 1);
  outbox.close();
  const handle = openSync(join(folder, 'sequence'), 'w');
  writeSync(handle, 'b-1 99 0000');
  closeSync(handle);
  expect(() => openOutbox()).toThrow(/reserved/);
});
