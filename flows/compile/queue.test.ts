import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overflows } from '#flows/flow';
import { emitted, flowOf, gated, recordingHost, testStages } from '#test/support/flow-stages';
import { reading } from '#test/support/messages';
import { compileFlow } from './compile.ts';

/** in → gated → out, with everything in front of `gated` that does not go through. */
function start(overflow: (typeof overflows)[number], capacity: number, concurrency = 1) {
  const gate = gated();
  const document = flowOf({ in: '@d', gate: ['gated', { concurrency }], out: 'emit' }, [
    ['in -> gate', { overflow, capacity }],
    'gate -> out',
  ]);
  const host = recordingHost();
  const flow = compileFlow(document, [...testStages, gate.stage], host);
  const push = (...values: number[]) => {
    for (const value of values) flow.push('in', reading(value, value, { device: `d${value % 2}` }));
  };
  const finish = async () => {
    while (!flow.idle()) await gate.release();
  };
  const facts = () => flow.metrics().find(({ node }) => node === 'gate');
  return { gate, host, flow, push, finish, facts };
}

describe('overflow', () => {
  // The first message is under way at once; three more fit.
  test.each([
    ['dropNewest', [1, 2, 3, 4], 2],
    ['dropOldest', [1, 4, 5, 6], 2],
    ['latestPerKey', [1, 6, 5], 3],
    ['block', [1, 2, 3, 4, 5, 6], 0],
  ] as const)('%s lets %j through and counts the rest', async (overflow, expected, dropped) => {
    const { push, finish, host, facts, flow } = start(overflow, 3);
    push(1, 2, 3, 4, 5, 6);
    expect(facts()).toMatchObject({ received: 6, queued: expected.length, dropped });
    const counted = flow.changes().find(({ key }) => key === 'dropped');
    expect(counted?.value ?? 0).toBe(dropped);
    await finish();
    expect(emitted(host)).toEqual(expected);
    expect(flow.changes().filter(({ space, value }) => space === 'queue' && value !== undefined)).toEqual([]);
  });

  test('latestPerKey drops the oldest of all when every key waits and there is no room', async () => {
    const { push, finish, host, facts } = start('latestPerKey', 1);
    push(1, 2, 3, 5);
    expect(facts()).toMatchObject({ dropped: 2 });
    await finish();
    expect(emitted(host)).toEqual([1, 5]);
  });

  test('nothing is lost but what is counted, in order, under any pushes and ends of work', async () => {
    const steps = fc.array(fc.oneof(fc.constant('push' as const), fc.constant('end' as const)), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...overflows),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        steps,
        async (overflow, capacity, concurrency, todo) => {
          const { push, finish, host, gate, facts } = start(overflow, capacity, concurrency);
          let pushed = 0;
          for (const step of todo) {
            if (step === 'push') push(++pushed);
            else await gate.release();
            const queued = facts()?.queued ?? 0;
            if (overflow !== 'block') expect(queued).toBeLessThanOrEqual(capacity + concurrency);
          }
          await finish();
          expect(emitted(host).length + (facts()?.dropped ?? 0)).toBe(pushed);
          if (overflow !== 'latestPerKey') {
            expect(emitted(host)).toEqual([...emitted(host)].sort((a, b) => a - b));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('credit', () => {
  test('is withdrawn when the queue is full and comes back when half of it is gone', async () => {
    const { push, gate, host, finish } = start('block', 4);
    push(1, 2, 3, 4);
    expect(host.credits).toEqual([]);
    push(5);
    expect(host.credits).toEqual(['in-']);
    push(6); // had been read already
    await gate.release();
    await gate.release();
    expect(host.credits).toEqual(['in-']);
    await gate.release();
    expect(host.credits).toEqual(['in-', 'in+']);
    await finish();
    expect(emitted(host)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a source that pushes from within the call that gives credit back keeps the order', async () => {
    const { push, host, finish, flow } = start('block', 2);
    let next = 4;
    host.credit = (_node, open) => {
      while (open && next < 9) flow.push('in', reading(next, next++));
    };
    push(1, 2, 3);
    await finish();
    expect(emitted(host)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a full queue stops the asynchronous stage before it and every source upstream', async () => {
    const [first, second] = [gated(), gated()];
    const stages = [...testStages, first.stage, { ...second.stage, type: 'second' }];
    const document = flowOf(
      { a: '@d', b: '@d', one: ['gated', { concurrency: 4 }], two: 'second', out: 'emit' },
      ['a -> one', ['one -> two', { capacity: 1 }], 'two -> out', 'b -> out'],
    );
    const host = recordingHost();
    const flow = compileFlow(document, stages, host);
    for (const value of [1, 2, 3, 4, 5, 6, 7]) flow.push('a', reading(value, value));
    expect(first.waiting()).toEqual([1, 2, 3, 4]);
    await first.release();
    await first.release();
    expect(host.credits).toEqual(['a-']);
    expect(first.waiting()).toEqual([3, 4, 5]); // none is begun while the next stage is full
    await second.release();
    expect(host.credits).toEqual(['a-', 'a+']);
    expect(first.waiting()).toEqual([3, 4, 5, 6]);
    flow.stop();
  });
});

describe('asynchronous work', () => {
  test('is concluded in order of entry, whatever ends first, and asks for a commit', async () => {
    const { push, gate, host } = start('block', 10, 3);
    push(1, 2, 3, 4);
    await gate.release(3);
    await gate.release(2);
    expect([emitted(host), host.changes]).toEqual([[], 0]);
    await gate.release(1);
    expect([emitted(host), host.changes]).toEqual([[1, 2, 3], 1]);
  });

  test('that is rejected leaves by the error port and the rest goes on', async () => {
    const document = flowOf({ in: '@d', slow: 'slow', out: 'emit' }, ['in -> slow', 'slow -> out']);
    const host = recordingHost();
    const flow = compileFlow(document, testStages, host);
    for (const value of [3, -1, 2]) flow.push('in', reading(0, value));
    await flow.drained();
    expect(emitted(host)).toEqual([6, 4]);
    expect(host.errors).toEqual([expect.objectContaining({ code: 'slow.negative', node: 'slow' })]);
  });

  test('is forgotten once the flow stopped', async () => {
    const { push, gate, host, flow } = start('block', 10);
    push(1, 2);
    flow.stop();
    await gate.release();
    expect(emitted(host)).toEqual([]);
  });
});
