import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
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
function pagesOf(table: string, type = '%'): number[] {
  const store = new Database(file());
  const pages = store.prepare(`SELECT pageno FROM dbstat WHERE name = ? AND pagetype LIKE '${type}'`).pluck();
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
    ['empty', () => writeFileSync(file(), '')],
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

describe('a damaged file of reserved numbers', () => {
  beforeEach(() => {
    const outbox = openOutbox();
    commit(outbox, 'alarm', 3);
    outbox.close();
  });
  const damage = () => writeFileSync(join(folder, 'sequence'), 'b-1 99 0000');

  test.each([
    ['damaged', damage, 'reserved numbers'],
    // As it is before the first event of a new box.
    ['gone', () => rmSync(join(folder, 'sequence')), undefined],
  ])('%s: beside a whole database, which knows its last number, costs nothing', (_, spoil, detail) => {
    spoil();
    const outbox = openOutbox();
    if (detail) expect(outbox.damage?.detail).toContain(detail);
    else expect(outbox.damage).toBeUndefined();
    commit(outbox, 'alarm', 1);
    expect(outbox.sequence).toBe(4);
    expectChain(outbox);
    outbox.close();
    const again = openOutbox();
    expect(again.damage).toBeUndefined();
    again.close();
  });

  test('beside a database that is gone too, numbers go on above any that can have been given out', () => {
    damage();
    rmSync(file());
    const outbox = openOutbox();
    commit(outbox, 'alarm', 1);
    expect(outbox.sequence).toBeGreaterThan(1_700_000_000_000);
    expectChain(outbox);
    outbox.close();
    expect(openOutbox().damage).toBeUndefined();
  });
});

/** In which pages of the file the text of each event is; SQLite leaves copies behind where it has split a page. */
function placesOf(bytes: Buffer, priority: Priority, sequences: readonly number[]): Map<number, Set<number>> {
  const places = new Map<number, Set<number>>();
  for (const sequence of sequences) {
    const text = `"priority":"${priority}","sequence":${sequence},`;
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
      places.set(sequence, (places.get(sequence) ?? new Set()).add(Math.floor(at / 4096)));
  }
  return places;
}

const damages = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    length: fc.integer({ min: 1, max: 12_000 }),
    how: fc.constantFrom('zeros', 'ones', 'noise', 'cut'),
  }),
  { minLength: 1, maxLength: 6 },
);
type Damages = typeof damages extends fc.Arbitrary<infer T> ? T : never;

function spoil(bytes: Buffer, list: Damages): Buffer {
  let spoilt = Buffer.from(bytes);
  for (const { at, length, how } of list) {
    const from = Math.floor(at * spoilt.length);
    if (how === 'cut') spoilt = spoilt.subarray(0, from);
    else if (how === 'noise')
      for (let n = from; n < Math.min(from + length, spoilt.length); n++)
        spoilt[n] = (n * 2_654_435_761) >>> 24;
    else spoilt.fill(how === 'zeros' ? 0 : 0xff, from, Math.min(from + length, spoilt.length));
  }
  return spoilt;
}

describe('damage anywhere', () => {
  /** Files of a box that was killed: the newest groups are in the log alone. */
  const killed = new Map<string, Buffer>();
  const written = new Set<string>();
  beforeEach(() => {
    const outbox = openOutbox();
    for (let n = 0; n < 12; n++) for (const priority of priorities) commit(outbox, priority, 6);
    outbox.close();
    const living = openOutbox();
    for (let n = 0; n < 8; n++) for (const priority of priorities) commit(living, priority, 4);
    killed.clear();
    written.clear();
    for (const name of readdirSync(folder)) killed.set(name, readFileSync(join(folder, name)));
    for (const priority of priorities)
      for (const text of living.read(priority, 0, 10_000, 1e8).events) written.add(text);
    living.close();
  });
  const put = (files: ReadonlyMap<string, Buffer>) => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  };

  test('of database, log or shared memory: it opens, says nothing that was not written, and goes on', () => {
    const name = fc.constantFrom('outbox.db', 'outbox.db-wal', 'outbox.db-shm');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, damages), { minLength: 1, maxLength: 3 }), (spoilt) => {
        const files = new Map(killed);
        for (const [file, list] of spoilt) files.set(file, spoil(files.get(file) as Buffer, list));
        put(files);
        const outbox = openOutbox();
        // A broken text in a sound page is found when it is read.
        for (const priority of priorities) outbox.read(priority, 0, 10_000, 1e8);
        expectChain(outbox);
        for (const priority of priorities)
          for (const text of outbox.read(priority, 0, 10_000, 1e8).events) expect(written).toContain(text);
        commit(outbox, 'alarm', 1);
        expectChain(outbox);
        outbox.close();
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test('of pages of events: all events on other pages are kept', () => {
    put(killed);
    openOutbox().close(); // the log is in the file now
    const whole = readFileSync(file());
    const leaves = new Map(priorities.map((priority) => [priority, pagesOf(`event_${priority}`, 'leaf')]));
    const which = fc.uniqueArray(fc.tuple(fc.constantFrom(...priorities), fc.nat()), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(which, fc.constantFrom(0, 0xff, 0xa5), (pages, byte) => {
        const sequence = killed.get('sequence') as Buffer;
        const bytes = Buffer.from(whole);
        const hit = new Set<number>();
        for (const [priority, n] of pages) {
          const list = leaves.get(priority) as number[];
          const page = list[n % list.length] as number;
          bytes.fill(byte, page * 4096, (page + 1) * 4096);
          hit.add(page);
        }
        put(
          new Map([
            ['outbox.db', bytes],
            ['sequence', sequence],
          ]),
        );
        const outbox = openOutbox();
        const kept = expectChain(outbox);
        for (const priority of priorities) {
          const all = Array.from({ length: 400 }, (_, n) => n + 1);
          for (const [one, places] of placesOf(whole, priority, all))
            if (![...places].some((page) => hit.has(page))) expect(kept[priority]).toContain(one);
        }
        outbox.close();
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});
