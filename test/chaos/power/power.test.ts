import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Outbox } from '#edge/outbox/outbox';
import { type Event, type Priority, priorities } from '#flows/event';
import { seededRandom } from '../../bench/path/random.ts';
import { compileShim, openControl } from '../control.ts';
import { Disk } from './disk.ts';
import { readFolder, writeFolder } from './folder.ts';
import { type Act, optionsOf } from './life.ts';
import { type Operation, readLog } from './log.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
let shim: string | undefined;
let lives = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'power-'));
  shim = compileShim(folder, root);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets a process live through the acts; gives back what it wrote, in order. */
function live(acts: readonly Act[], library: string): { home: string; operations: Operation[] } {
  const home = join(folder, `life-${lives++}`);
  mkdirSync(home);
  const log = `${home}.log`;
  const control = openControl(`${home}.control`, library, home);
  const program = join(root, 'dist/test/chaos/power/life.js');
  const { status, stderr } = spawnSync(process.execPath, [program, home, JSON.stringify(acts)], {
    env: { ...process.env, ...control.env, QW_LOG: log },
    encoding: 'utf8',
  });
  control.close();
  expect(status, stderr).toBe(0);
  return { home, operations: readLog(readFileSync(log)) };
}

/** Events of a priority as they must be after the first acts: their acts and places, in order. */
const expected = (acts: readonly Act[], count: number, priority: Priority) =>
  acts
    .slice(0, count)
    .flatMap((one, n) =>
      one.do === 'commit' ? one.events.flatMap(([of], at) => (of === priority ? [`${n}.${at}`] : [])) : [],
    );

/** What an outbox has kept of the acts: how many of them, and that it is exactly those. */
function check(outbox: Outbox, acts: readonly Act[], least: number): void {
  expect(outbox.damage).toBeUndefined();
  const state = new Map(outbox.restore('f')?.entries.map(({ key, value }) => [key, value]));
  const done = outbox.counters().get('acts') ?? 0;
  // Acts are counted with what they wrote: the counter says up to which one everything must be there.
  const commits = acts.flatMap((one, n) => (one.do === 'commit' ? [n] : []));
  const last = commits[done - 1] ?? -1;
  expect(commits.filter((n) => n < least).length).toBeLessThanOrEqual(done);
  expect(state.get('acts')).toBe(last < 0 ? undefined : last);
  const values = new Map<string, number>();
  for (const n of commits.slice(0, done)) values.set(`k${n % 17}`, (acts[n] as { value: number }).value);
  for (const [key, value] of values) expect(state.get(key)).toBe(value);
  for (const priority of priorities) {
    const all = expected(acts, last + 1, priority);
    const { events, tombstones } = outbox.read(priority, 0, 1e6, 1e9);
    const found = events.map((text) => JSON.parse(text) as Event);
    const names = found.map(({ data }) => `${data.act}.${data.at}`);
    // What is not there was acknowledged, or dropped for the budget with a tombstone.
    const gone = all.length - names.length;
    expect(all.slice(gone)).toEqual(priority === 'telemetry' ? names : expect.arrayContaining(names));
    const buried = tombstones.reduce((sum, { count }) => sum + count, 0);
    if (outbox.acknowledged(priority) === 0) expect(gone).toBe(buried);
    const sequences = found.map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
  }
  const before = outbox.sequence;
  outbox.commit({ events: [], changes: [], errors: [], counters: new Map([['alive', 1]]) });
  expect(outbox.sequence).toBe(before);
}

const event = fc.tuple(fc.constantFrom(...priorities), fc.integer({ min: 0, max: 2500 }));
const oneAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      events: fc.array(event, { maxLength: 12 }),
      value: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('acknowledge' as const),
      priority: fc.constantFrom(...priorities),
      upto: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
);

/** How many acts were done, by the marks that are certain to have been made before a place in the log. */
const marksBefore = (operations: readonly Operation[], place: number, home: string) =>
  operations.slice(0, place).filter(({ kind, path }) => kind === 'write' && path === join(home, 'marks'))
    .length;

test('the log of writes tells all: replayed without a cut it gives the very files', (context) => {
  if (!shim) return context.skip('there is no C compiler');
  const acts: Act[] = [{ do: 'commit', events: [['alarm', 100]], value: 1 }, { do: 'settle' }];
  const { home, operations } = live(acts, shim);
  const disk = new Disk(new Map());
  for (const operation of operations) disk.do(operation);
  expect(new Map([...disk.whole()].sort())).toEqual(new Map([...readFolder(home)].sort()));
  return undefined;
}, 60_000);

test('a power cut between any two writes, with what was not synced torn: every act that returned is whole', (context) => {
  if (!shim) return context.skip('there is no C compiler');
  const library = shim;
  fc.assert(
    fc.property(fc.array(oneAct, { minLength: 5, maxLength: 40, size: 'max' }), fc.nat(), (acts, seed) => {
      const { home, operations } = live(acts, library);
      const random = seededRandom(seed);
      const cuts = Array.from({ length: 40 }, () => Math.floor(random() * (operations.length + 1))).sort(
        (a, b) => a - b,
      );
      const disk = new Disk(new Map());
      let at = 0;
      for (const cut of cuts) {
        for (; at < cut; at++) disk.do(operations[at] as Operation);
        writeFolder(home, disk.cut(random));
        mkdirSync(join(home, 'outbox'), { recursive: true });
        const outbox = new Outbox(optionsOf(join(home, 'outbox')));
        try {
          check(outbox, acts, marksBefore(operations, cut, home) - 1);
        } finally {
          outbox.close();
        }
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
  return undefined;
}, 120_000);
