import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FlowDocument } from '#flows/flow';
import type { FlowInstance, StateChange } from '#flows/runtime';
import { emitted, flowOf, gated, recordingHost, testStages } from '#test/support/flow-stages';
import { reading } from '#test/support/messages';
import { mergeState } from '../run/snapshot.ts';
import { changeFlow } from './change.ts';
import { compileFlow } from './compile.ts';

const copy = (entries: readonly StateChange[]): StateChange[] => JSON.parse(JSON.stringify(entries));

/** in → sum, directly or through an asynchronous stage, whose buffer and concurrency vary. */
const shape = fc
  .record({
    slow: fc.boolean(),
    concurrency: fc.integer({ min: 1, max: 3 }),
    capacity: fc.integer({ min: 1, max: 4 }),
    extra: fc.boolean(),
  })
  .map(({ slow, concurrency, capacity, extra }, version = 1): FlowDocument => {
    const nodes = {
      in: '@d',
      ...(slow ? { slow: ['slow', { concurrency }] as [string, object] } : {}),
      sum: 'sum',
    };
    const wires = slow ? [['in -> slow', { capacity }] as [string, object], 'slow -> sum'] : ['in -> sum'];
    const more = extra ? { more: 'batch' } : {};
    return flowOf(
      { ...nodes, ...more, out: 'emit' } as Parameters<typeof flowOf>[0],
      [...wires, 'sum -> out', ...(extra ? ['sum -> more'] : [])] as Parameters<typeof flowOf>[1],
      version,
    );
  });

describe('change of a running flow', () => {
  test('loses nothing, doubles nothing and carries state, under any pushes, changes and waits', async () => {
    const act = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('push' as const), value: fc.integer({ min: 1, max: 6 }) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('change' as const), next: shape }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 9 }) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(shape, fc.array(act, { maxLength: 40 }), async (first, acts) => {
        const host = recordingHost();
        let flow: FlowInstance = compileFlow(first, testStages, host);
        let disk: StateChange[] = [];
        const save = (changes: readonly StateChange[]) => {
          disk = mergeState(disk, copy(changes));
        };
        let changing: Promise<unknown> = Promise.resolve();
        let pushed = 0;
        for (const one of acts) {
          if (one.do === 'push') {
            flow.push('in', reading(pushed, one.value, { attributes: { n: pushed++ } }));
          } else if (one.do === 'wait') {
            for (let turn = 0; turn < one.turns; turn++) await Promise.resolve();
          } else {
            await changing; // a host makes one change at a time
            changing = changeFlow(flow, one.next, testStages, host, ({ instance, changes }) => {
              save(changes);
              flow = instance;
            });
          }
        }
        await changing;
        await flow.drained();
        save(flow.changes());
        // `sum` adds up everything that went by: one lost, doubled or forgotten makes another total.
        const numbers = host.emissions.map(({ data }) => (data.attributes as { n: number }).n);
        expect(numbers).toEqual(Array.from({ length: pushed }, (_, n) => n));
        const total = disk.find(({ node, space }) => node === 'sum' && space === 'state')?.value;
        expect(total).toBe(emitted(host).at(-1));
        const order = ({ node, space, key }: StateChange) => `${node} ${space} ${key}`;
        const sorted = (entries: StateChange[]) => entries.sort((a, b) => (order(a) < order(b) ? -1 : 1));
        expect(sorted(disk)).toEqual(sorted(copy(flow.checkpoint())));
      }),
      { numRuns: 100 },
    );
  });

  test('timers move over, windows are not flushed, and what is pushed meanwhile is kept in the checkpoint', async () => {
    const gate = gated();
    const stages = [...testStages, gate.stage];
    const nodes = { in: '@d', gate: 'gated', late: 'delay', batch: 'batch', out: 'emit' };
    const wires = ['in -> gate', 'gate -> late', 'gate -> batch', 'late -> out', 'batch -> out'];
    const host = recordingHost();
    const first = compileFlow(flowOf(nodes, wires), stages, host);
    first.push('in', reading(0, 1));
    await gate.release();
    first.push('in', reading(1, 2)); // under way
    let flow = first;
    const change = changeFlow(first, flowOf(nodes, wires, 2), stages, host, ({ instance }) => {
      flow = instance as typeof first;
    });
    expect(host.credits).toEqual(['in-']);
    first.fire(60_000);
    first.push('in', reading(2, 3));
    expect(first.changes()).toContainEqual(
      expect.objectContaining({ node: 'in', space: 'queue', value: reading(2, 3) }),
    );
    expect(emitted(host)).toEqual([]);
    await gate.release();
    await change;
    expect(flow).not.toBe(first);
    host.nowMs = 60_000;
    flow.fire(60_000);
    expect(emitted(host)).toEqual([2]); // the newest that was delayed
    await gate.release();
    expect(emitted(host)).toEqual([2, 6]); // three values, summed over the change
  });

  test('gives credit back when the new flow took over', async () => {
    const document = flowOf({ in: '@d', out: 'emit' }, ['in -> out']);
    const host = recordingHost();
    const first = compileFlow(document, testStages, host);
    await changeFlow(first, { ...document, version: 2 }, testStages, host, () => {});
    expect([host.credits[0], host.credits.at(-1)]).toEqual(['in-', 'in+']);
  });

  test('a flow that does not compile leaves the running one as it was', async () => {
    const document = flowOf({ in: '@d', out: 'emit' }, ['in -> out']);
    const host = recordingHost();
    const flow = compileFlow(document, testStages, host);
    const wrong = flowOf({ in: '@d', out: 'emmit' }, ['in -> out']);
    await expect(changeFlow(flow, wrong, testStages, host, () => {})).rejects.toThrow(/no stage emmit/);
    flow.push('in', reading(0, 1));
    expect([emitted(host), host.credits]).toEqual([[1], []]);
  });

  test('what a removed source still sends is handled by the old graph', async () => {
    const gate = gated();
    const stages = [...testStages, gate.stage];
    const host = recordingHost();
    const nodes = { in: '@d', gone: '@d', gate: 'gated', out: 'emit' };
    const flow = compileFlow(flowOf(nodes, ['in -> gate', 'gone -> gate', 'gate -> out']), stages, host);
    flow.push('in', reading(0, 1));
    const next = flowOf({ in: '@d', gate: 'gated', out: 'emit' }, ['in -> gate', 'gate -> out'], 2);
    const change = changeFlow(flow, next, stages, host, () => {});
    flow.push('gone', reading(1, 2));
    await gate.release();
    await gate.release();
    const { plan, changes } = await change;
    expect(emitted(host)).toEqual([1, 2]);
    expect(plan.sources).toEqual([
      { node: 'in', change: 'keep' },
      { node: 'gone', change: 'stop' },
    ]);
    expect(mergeState([], copy(changes)).filter(({ space }) => space === 'queue')).toEqual([]);
  });
});
