import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nativeSigner, nativeVerifier } from '#firmware-config/ed25519';
import type { Event, Priority } from '#flows/event';
import { canonical } from '#flows/trust/canonical';
import { keyPair, signDocument } from '#flows/trust/sign';
import type { Acknowledgement, Batch, Tombstone } from '#flows/wire';
import { Chain } from '#test/support/box-client';
import type { StoredEvent } from '../api/types.ts';
import { createMetrics } from '../metrics.ts';
import { sampleEvent } from '../store/conformance/samples.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { signatureProblem } from './check.ts';
import { createIngest, type Ingest } from './ingest.ts';

const keys = keyPair(new Uint8Array(32).fill(9));
const signer = nativeSigner(keys.secret);
const verifier = nativeVerifier(keys.open);

let folder: string;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quaywatch-ingest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Bench {
  readonly ingest: Ingest;
  readonly store: Store;
  readonly acknowledged: Acknowledgement[];
  readonly live: StoredEvent[];
  readonly failures: unknown[];
}

async function open(file: string, store = openSqliteStore(file)): Promise<Bench> {
  const bench = {
    acknowledged: [] as Acknowledgement[],
    live: [] as StoredEvent[],
    failures: [] as unknown[],
  };
  const ingest = await createIngest({
    store,
    metrics: createMetrics(),
    now: Date.now,
    groupMs: 0,
    sender: () => ({ site: 'quay', verifier }),
    acknowledge: (_box, acknowledgement) => bench.acknowledged.push(acknowledgement),
    onStored: (events) => bench.live.push(...events),
    onMessage: () => {},
    onRefused: () => {},
    onFailure: (error) => bench.failures.push(error),
  });
  return { ...bench, ingest, store };
}

function newFile(): string {
  count += 1;
  return join(folder, `${count}.sqlite`);
}
const batchOf = (events: Event[], priority: Priority, tombstones: Tombstone[] = []): Buffer => {
  const batch: Omit<Batch, 'signature'> = { kind: 'batch', box: 'b', priority, events, tombstones };
  return Buffer.from(JSON.stringify(signDocument(batch, signer)));
};
const sequences = async (store: Store) =>
  (await store.records.page({ box: ['b'], limit: 1000 })).map(({ event }) => event.sequence);

test('a batch that was stored but not acknowledged is stored once when it comes again', async () => {
  const file = newFile();
  const first = await open(file);
  const batch = batchOf([sampleEvent('b', 1), sampleEvent('b', 2)], 'alarm');
  first.ingest.take('b', batch);
  await first.ingest.idle();
  await first.store.close(); // the process ends here: the acknowledgement is never sent
  const second = await open(file);
  second.ingest.take('b', batch);
  await second.ingest.idle();
  expect(second.acknowledged).toMatchObject([{ kind: 'acknowledgement', priority: 'alarm', upto: 2 }]);
  expect(second.live).toEqual([]);
  expect(await sequences(second.store)).toEqual([2, 1]);
  await second.store.close();
});

test('nothing is acknowledged or shown while the store fails, and all is when it works again', async () => {
  const store = openSqliteStore(newFile());
  let broken = true;
  const append: Store['records']['append'] = (...args) =>
    broken ? Promise.reject(new Error('disk full')) : store.records.append(...args);
  const bench = await open('', { ...store, records: { ...store.records, append } });
  const batch = batchOf([sampleEvent('b', 1)], 'alarm');
  bench.ingest.take('b', batch);
  expect(await bench.ingest.settled()).toBe(false); // no link may tell its broker that it is kept
  await bench.ingest.idle();
  expect([bench.acknowledged, bench.live, bench.failures.length]).toEqual([[], [], 1]);
  broken = false;
  bench.ingest.take('b', batch);
  expect(await bench.ingest.settled()).toBe(true);
  await bench.ingest.idle();
  expect(bench.acknowledged).toMatchObject([{ kind: 'acknowledgement', priority: 'alarm', upto: 1 }]);
  expect(bench.live).toHaveLength(1);
  await store.close();
});

test('a signature counts for the document, in whatever form it came, and for no other', () => {
  const batch: Omit<Batch, 'signature'> = {
    kind: 'batch',
    box: 'b',
    priority: 'alarm',
    events: [sampleEvent('b', 1, { data: { signature: 'x', text: ',"signature":"' } })],
    tombstones: [],
  };
  const signed = signDocument(batch, signer);
  const check = (text: string) =>
    signatureProblem(JSON.parse(text) as Batch, Buffer.from(text), verifier)?.code ?? 'good';
  const canonicalText = canonical(signed);
  expect(check(canonicalText)).toBe('good');
  expect(check(JSON.stringify(signed, undefined, 2))).toBe('good');
  expect(check(JSON.stringify(Object.fromEntries(Object.entries(signed).reverse())))).toBe('good');
  expect(check(canonicalText.replace('"sequence":1', '"sequence":2'))).toBe('ingest.signature');
  expect(check(canonicalText.replace('"tombstones":[]', '"tombstones":[],"x":1'))).toBe('ingest.signature');
  expect(check(canonicalText.replace(signed.signature, `${signed.signature.slice(0, -4)}AAA=`))).toBe(
    'ingest.signature',
  );
  const nested = canonicalText.replace('"signature":"x"', `"signature":"${signed.signature}"`);
  expect(check(nested)).toBe('ingest.signature');
});

test('many batches share one commit', async () => {
  const store = openSqliteStore(newFile());
  let commits = 0;
  const append: Store['records']['append'] = (...args) => {
    commits += 1;
    return store.records.append(...args);
  };
  const bench = await open('', { ...store, records: { ...store.records, append } });
  for (let n = 1; n <= 100; n += 1) bench.ingest.take('b', batchOf([sampleEvent('b', n)], 'alarm'));
  await bench.ingest.idle();
  expect(commits).toBe(1);
  expect(bench.acknowledged).toMatchObject([{ kind: 'acknowledgement', priority: 'alarm', upto: 100 }]);
  await store.close();
});

test("the hub's own events number on after a restart, in chains of their own", async () => {
  const file = newFile();
  const emission = (priority: Priority) => ({
    priority,
    type: 'quaywatch.box.refused',
    subject: 'b',
    time: '2026-01-01T00:00:00Z',
    data: {},
    stage: 'link',
  });
  const first = await open(file);
  first.ingest.raise('quay', emission('alarm'));
  first.ingest.raise('quay', emission('verdict'));
  await first.ingest.idle();
  await first.store.close();
  const second = await open(file);
  second.ingest.raise('quay', emission('alarm'));
  await second.ingest.idle();
  const all = (await second.store.records.page({ box: ['hub-1'], limit: 10 })).map(({ event }) => event);
  expect(all.map(({ sequence, previous, priority }) => [sequence, previous, priority])).toEqual([
    [3, 1, 'alarm'],
    [2, 0, 'verdict'],
    [1, 0, 'alarm'],
  ]);
  await second.store.close();
});

interface Step {
  readonly from: number;
  readonly length: number;
  readonly restart: boolean;
  readonly priority: Priority;
}

test('however batches are cut, lost, repeated and shuffled, and the hub restarted: each event once, in order, no gap', async () => {
  const step = fc.record({
    from: fc.nat(30),
    length: fc.integer({ min: 1, max: 12 }),
    restart: fc.boolean(),
    priority: fc.constantFrom<Priority>('alarm', 'telemetry'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Priority>('alarm', 'telemetry'), { minLength: 1, maxLength: 30 }),
      fc.array(step, { maxLength: 12 }),
      fc.option(fc.integer({ min: 1, max: 20 })),
      async (kinds, steps, buried) => {
        const last: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
        const all = kinds.map((priority, place) => {
          const event = sampleEvent('b', place + 1, { priority, previous: last[priority] });
          last[priority] = place + 1;
          return event;
        });
        const of = (priority: Priority) => all.filter((event) => event.priority === priority);
        // The first events of telemetry may have been dropped by the box for want of space.
        const dropped = of('telemetry').slice(0, buried ?? 0);
        const tombstone: Tombstone[] =
          dropped.length === 0
            ? []
            : [
                {
                  priority: 'telemetry',
                  from: dropped[0]?.sequence ?? 0,
                  to: dropped.at(-1)?.sequence ?? 0,
                  count: dropped.length,
                  previous: 0,
                  reason: 'budget',
                },
              ];
        const kept = (priority: Priority) => of(priority).filter((event) => !dropped.includes(event));
        const file = newFile();
        let bench = await open(file);
        const shown: number[] = [];
        const send = (priority: Priority, events: Event[]) =>
          bench.ingest.take('b', batchOf(events, priority, priority === 'telemetry' ? tombstone : []));
        const restart = async () => {
          await bench.ingest.idle();
          shown.push(
            ...bench.live.filter(({ event }) => event.box === 'b').map(({ event }) => event.sequence),
          );
          await bench.store.close();
          bench = await open(file);
        };
        for (const { from, length, priority, restart: again } of steps as Step[]) {
          send(priority, kept(priority).slice(from, from + length));
          if (again) await restart();
        }
        for (const priority of ['alarm', 'telemetry'] as const) send(priority, kept(priority));
        await restart();
        const expected = [...kept('alarm'), ...kept('telemetry')].map(({ sequence }) => sequence);
        expect((await sequences(bench.store)).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        expect([...shown].sort((a, b) => a - b)).toEqual(expected);
        for (const priority of ['alarm', 'telemetry'] as const) {
          const mine = shown.filter((sequence) => all[sequence - 1]?.priority === priority);
          expect(mine).toEqual([...mine].sort((a, b) => a - b));
          const upto = of(priority).at(-1)?.sequence;
          expect(bench.ingest.watermarks('b')[priority]).toBe(upto);
        }
        await bench.store.close();
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

test('any bytes at all: never thrown at the link, never stored', async () => {
  const bench = await open(newFile());
  const kinds = fc.constantFrom('batch', 'status', 'release-report', 'tap-report', 'x');
  const almost = fc
    .record({
      kind: kinds,
      box: fc.constant('b'),
      priority: fc.constantFrom('alarm', 'x'),
      events: fc.jsonValue(),
    })
    .map((value) => Buffer.from(JSON.stringify(value)));
  const deep = fc.integer({ min: 1, max: 200_000 }).map((depth) => Buffer.from('['.repeat(depth)));
  const nested = fc
    .integer({ min: 1, max: 20_000 })
    .map((depth) =>
      Buffer.from(
        `{"kind":"batch","box":"b","priority":"alarm","events":[${'['.repeat(depth)}${']'.repeat(depth)}],"tombstones":[],"signature":"x"}`,
      ),
    );
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), almost, deep, nested), (bytes) => {
      bench.ingest.take('b', bytes);
    }),
    { numRuns: 200 },
  );
  await bench.ingest.idle();
  expect(await sequences(bench.store)).toEqual([]);
  expect(bench.failures).toEqual([]);
  await bench.store.close();
});

test('what the hub has from a box under the id that it had before is not stored twice, and the chain goes on', async () => {
  const { ingest, store, acknowledged } = await open(newFile());
  const [before, after] = [new Chain('b', 'quay'), new Chain('c', 'quay')];
  const had = [1, 2].map(() => before.event('alarm'));
  const take = (box: string, batch: Omit<Batch, 'signature'>) =>
    ingest.take(box, Buffer.from(JSON.stringify(signDocument(batch, signer))));
  await take('b', before.batch('alarm', had));
  await ingest.idle();
  const again = [1, 2, 3].map((n) => ({ ...after.event('alarm'), formerid: `b:${n}` }));
  await take('c', after.batch('alarm', [...again, after.event('alarm')]));
  await ingest.idle();
  const stored = (await store.records.page({ limit: 100 })).filter(({ event }) => event.box === 'c');
  expect(stored.map(({ event }) => event.sequence).sort()).toEqual([3, 4]);
  expect(await store.records.tombstones('c')).toMatchObject([{ from: 1, to: 2, count: 0 }]);
  await take('c', after.batch('alarm', again)); // the answer was lost
  await ingest.idle();
  expect(acknowledged.at(-1)).toMatchObject({ upto: 4 });
  expect(acknowledged.every(({ refused }) => refused === undefined)).toBe(true);
  await store.close();
});
