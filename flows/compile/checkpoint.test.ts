import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Message } from '#flows/message';
import type { FlowInstance, StateChange } from '#flows/runtime';
import {
  emitted,
  flowOf,
  gated,
  type RecordingHost,
  recordingHost,
  testStages,
} from '#test/support/flow-stages';
import { reading } from '#test/support/messages';
import { mergeState } from '../run/snapshot.ts';
import { compileFlow } from './compile.ts';
import { KeyIndex } from './key-index.ts';
import { Store } from './store.ts';

const document = flowOf(
  { in: '@d', sum: 'sum', late: ['delay', { seconds: 4 }], random: 'random', batch: 'batch', out: 'emit' },
  [
    'in -> sum',
    'sum -> late',
    'sum -> random',
    'random -> batch',
    'late -> out',
    'batch -> out',
    'sum.error -> out',
  ],
);
const copy = (entries: readonly StateChange[]): StateChange[] => JSON.parse(JSON.stringify(entries));

describe('store', () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key: fc.constantFrom('a', 'b', 'c'), value: fc.nat() }),
    fc.record({ do: fc.constant('delete' as const), key: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ do: fc.constant('commit' as const) }),
  );

  test('what is committed is what is remembered, each change once and never of a key that was not there', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 50 }), (acts) => {
        const store = new Store([], 'n', 'state');
        const model = new Map<string, unknown>();
        const disk = new Map<string, unknown>();
        for (const one of [...acts, { do: 'commit' as const }]) {
          if (one.do === 'set') {
            store.set(one.key, one.value);
            model.set(one.key, one.value);
          } else if (one.do === 'delete') {
            store.delete(one.key);
            model.delete(one.key);
          } else {
            const changes: StateChange[] = [];
            store.takeChanges(changes);
            expect(new Set(changes.map(({ key }) => key)).size).toBe(changes.length);
            for (const { key, value } of changes) {
              if (value === undefined) expect(disk.delete(key)).toBe(true);
              else disk.set(key, value);
            }
            expect(Object.fromEntries(disk)).toEqual(Object.fromEntries(model));
          }
          expect([...store.keys()]).toEqual([...model.keys()].sort());
          expect(store.size).toBe(model.size);
          for (const key of ['a', 'b', 'c']) expect(store.get(key)).toBe(model.get(key));
        }
      }),
    );
  });

  test('keys that come and go leave nothing behind, though every one is new', () => {
    const removed = vi.spyOn(KeyIndex.prototype, 'remove');
    onTestFinished(() => void vi.restoreAllMocks());
    const store = new Store([], 'n', 'queue');
    for (let key = 0; key < 1000; key++) {
      store.set(String(key), key);
      if (key % 2 === 0) store.takeChanges([]);
      store.delete(String(key));
      if (key % 3 === 0) store.takeChanges([]);
    }
    store.takeChanges([]);
    expect(removed).toHaveBeenCalledTimes(1000);
  });
});

/** Pushes one message a second, firing what is due first, as a host does. */
function step(flow: FlowInstance, host: RecordingHost, second: number, message: Message): void {
  for (let due = flow.nextDue(); due !== undefined && due <= second * 1000; due = flow.nextDue()) {
    host.nowMs = Math.max(host.nowMs, due);
    flow.fire(host.nowMs);
  }
  host.nowMs = second * 1000;
  flow.push('in', message);
}

describe('restart', () => {
  test('goes on from the changes that were committed as if nothing had happened', async () => {
    const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom('a', 'b')), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(values, fc.nat(30), fc.nat(5), async (input, cut, every) => {
        const messages = input.map(([value, device], second) => reading(second, value, { device }));
        const whole = recordingHost();
        const uninterrupted = compileFlow(document, testStages, whole);
        messages.forEach((message, second) => {
          step(uninterrupted, whole, second, message);
        });
        await uninterrupted.flush();

        const before = recordingHost();
        const first = compileFlow(document, testStages, before);
        let disk: StateChange[] = [];
        messages.slice(0, cut).forEach((message, second) => {
          step(first, before, second, message);
          if (second % (every + 1) === 0) disk = mergeState(disk, copy(first.changes()));
        });
        disk = mergeState(disk, copy(first.changes()));
        const after = recordingHost();
        after.nowMs = before.nowMs;
        const second = compileFlow(document, testStages, after);
        second.restore([...disk].reverse());
        expect(second.changes()).toEqual([]);
        messages.slice(cut).forEach((message, index) => {
          step(second, after, cut + index, message);
        });
        await second.flush();
        expect([...before.emissions, ...after.emissions]).toEqual(whole.emissions);
        expect([...before.errors, ...after.errors]).toEqual(whole.errors);
      }),
      { numRuns: 60 },
    );
  });

  test('what waited in a queue or was under way is taken up again, in order', async () => {
    const gate = gated();
    const stages = [...testStages, gate.stage];
    const flowDocument = flowOf({ in: '@d', gate: ['gated', { concurrency: 2 }], out: 'emit' }, [
      'in -> gate',
      'gate -> out',
    ]);
    const first = compileFlow(flowDocument, stages, recordingHost());
    for (const value of [1, 2, 3, 4]) first.push('in', reading(value, value));
    await gate.release(); // 1 is through
    const disk = copy(first.changes());
    first.stop();
    const host = recordingHost();
    const second = compileFlow(flowDocument, [...testStages, gate.stage], host);
    second.restore(mergeState([], disk));
    expect(second.idle()).toBe(false);
    second.push('in', reading(5, 5));
    while (!second.idle()) await gate.release();
    expect(emitted(host)).toEqual([2, 3, 4, 5]);
    expect(second.metrics().find(({ node }) => node === 'gate')).toMatchObject({ queued: 0 });
  });

  test('takes up work without being pushed to', async () => {
    const flowDocument = flowOf({ in: '@d', slow: 'slow', out: 'emit' }, ['in -> slow', 'slow -> out']);
    const first = compileFlow(flowDocument, testStages, recordingHost());
    first.push('in', reading(0, 3));
    const host = recordingHost();
    const second = compileFlow(flowDocument, testStages, host);
    second.restore(copy(first.changes()));
    await second.drained();
    expect(emitted(host)).toEqual([6]);
    expect(host.changes).toBeGreaterThan(0);
  });

  test('migrates an older version, gives up what does not migrate, and says so in the next changes', () => {
    const host = recordingHost();
    const flow = compileFlow(document, testStages, host);
    const entry = (node: string, key: string, version: number, value: unknown, space = 'state') =>
      ({ node, space, key, version, value }) as StateChange;
    flow.restore([
      entry('sum', 'a', 1, '40'),
      entry('sum', 'b', 0, '50'),
      entry('gone', 'c', 1, 1),
      entry('batch', 'stage', 1, 'window', 'counter'),
      entry('batch', '', 1, [100]),
    ]);
    for (const device of ['a', 'b']) flow.push('in', reading(0, 2, { device }));
    expect(flow.checkpoint()).toContainEqual(entry('sum', 'a', 2, 42));
    const changes = flow.changes();
    expect(changes).toContainEqual(entry('gone', 'c', 1, undefined));
    expect(changes).toContainEqual(entry('sum', 'a', 2, 42));
    expect(changes).toContainEqual(entry('sum', 'b', 2, 2));
    expect(changes.filter(({ node, key }) => node === 'batch' && key === '')).toEqual([
      entry('batch', '', 1, undefined),
      expect.objectContaining({ value: [expect.any(Number), expect.any(Number)] }),
    ]);
  });
});
