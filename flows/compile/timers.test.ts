import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { emitted, flowOf, recordingHost, testStages } from '#test/support/flow-stages';
import { reading } from '#test/support/messages';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { compileFlow } from './compile.ts';
import { NodeTimers, TimerHeap } from './timers.ts';

describe('timer heap', () => {
  test('gives timers by time, then node, then order of setting, however they were set, moved and cleared', () => {
    const act = fc.record({
      node: fc.integer({ min: 0, max: 2 }),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      atMs: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const heap = new TimerHeap();
        const nodes = [0, 1, 2].map((order) => new NodeTimers(heap, [], `n${order}`, order));
        const model = new Map<string, { node: number; key: string; atMs: number; order: number }>();
        acts.forEach(({ node, key, atMs }, order) => {
          const name = `${node}${key}`;
          if (atMs === undefined) {
            nodes[node]?.clear(key);
            model.delete(name);
          } else {
            nodes[node]?.set(key, atMs);
            if (model.get(name)?.atMs !== atMs) model.set(name, { node, key, atMs, order });
          }
        });
        const taken: unknown[] = [];
        for (let first = heap.first; first !== undefined; first = heap.first) {
          taken.push([first.atMs, first.owner.order, first.key]);
          first.owner.clear(first.key);
        }
        const expected = [...model.values()]
          .sort((a, b) => a.atMs - b.atMs || a.node - b.node || a.order - b.order)
          .map(({ atMs, node, key }) => [atMs, node, key]);
        expect(taken).toEqual(expected);
      }),
    );
  });

  test('after a restart, what was set before it fires before what is set after it at the same time', () => {
    const heap = new TimerHeap();
    const timers = new NodeTimers(heap, [], 'n', 0);
    timers.restore('before', { atMs: 5, order: 7 });
    timers.set('after', 5);
    expect(heap.first?.key).toBe('before');
  });

  test('refuses a time that is not finite', () => {
    const timers = new NodeTimers(new TimerHeap(), [], 'n', 0);
    expect(() => timers.set('a', Number.NaN)).toThrow(TypeError);
    expect(() => timers.set('a', Number.POSITIVE_INFINITY)).toThrow(TypeError);
  });
});

describe('timers of a flow', () => {
  const document = flowOf(
    { in: '@d', b: ['delay', { seconds: 5 }], a: ['delay', { seconds: 3 }], out: 'emit' },
    ['in -> a', 'in -> b', 'a -> out', 'b -> out'],
  );

  test('fire when due, ties in order of the nodes, and the host knows the next one', () => {
    const host = recordingHost();
    const flow = compileFlow(document, testStages, host);
    flow.push('in', reading(0, 1));
    expect(host.wakes).toEqual([3000]);
    host.nowMs = 2000;
    flow.push('in', reading(2, 2, { device: 'other' }));
    expect(host.wakes).toEqual([3000]);
    host.nowMs = 5000;
    flow.fire(5000);
    // due at 3 s: a (1); at 5 s: b (1) comes before a (2) in the document
    expect(host.emissions.map(({ data }) => data.value)).toEqual([1, 1, 2]);
    expect([host.wakes.at(-1), flow.nextDue()]).toEqual([7000, 7000]);
    host.nowMs = 9000;
    flow.fire(9000);
    expect(emitted(host)).toEqual([1, 1, 2, 2]);
    expect([host.wakes.at(-1), flow.nextDue()]).toEqual([undefined, undefined]);
  });

  test('a timer that sets itself again at once does not keep the flow from going on', () => {
    const restless = {
      ...(testStages.find(({ type }) => type === 'delay') as (typeof testStages)[number]),
      type: 'restless',
      build: (_config: object, ctx: Parameters<(typeof testStages)[number]['build']>[1]) => () => {
        ctx.handlers.timer = (key, atMs) => ctx.timers.set(key, atMs);
        ctx.timers.set('again', 0);
        return { subscribe: () => ({}) } as never;
      },
    };
    const host = recordingHost();
    const flow = compileFlow(
      flowOf({ in: '@d', r: 'restless', out: 'emit' }, ['in -> r', 'r -> out']),
      [...testStages, restless],
      host,
    );
    flow.fire(10);
    expect(flow.nextDue()).toBe(11);
  });

  test('end of input: a timer that sets itself again fires once more and no more', async () => {
    const times: number[] = [];
    const periodic = defineStage({
      type: 'periodic',
      summary: 'Every second.',
      accepts: 'any',
      emits: 'same',
      config: Type.Object({}),
      build: (_config, ctx) =>
        process(ctx, {
          message: () => ctx.timers.set('tick', ctx.clock.now() + 1000),
          timer(key, atMs) {
            times.push(atMs, ctx.clock.now());
            ctx.timers.set(key, atMs + 1000);
          },
        }),
    });
    const host = recordingHost();
    const flow = compileFlow(flowOf({ in: '@d', p: 'periodic' }, ['in -> p']), [periodic], host);
    flow.push('in', reading(0, 1));
    await flow.flush();
    expect(times).toEqual([1000, 1000]);
    expect(flow.nextDue()).toBeUndefined();
  });

  test('end of input: timers fire in order, then what is held is flushed, downstream of it too', async () => {
    const host = recordingHost();
    const flow = compileFlow(
      flowOf({ in: '@d', slow: 'slow', batch: 'batch', late: 'delay', out: 'emit' }, [
        'in -> late',
        'late -> slow',
        'slow -> batch',
        'batch -> out',
      ]),
      testStages,
      host,
    );
    for (const value of [1, 2, 3, 4]) flow.push('in', reading(value, value, { device: `d${value}` }));
    await flow.flush();
    expect(emitted(host)).toEqual([12, 8]);
    expect(flow.nextDue()).toBeUndefined();
  });
});
