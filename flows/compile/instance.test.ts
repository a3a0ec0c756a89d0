import { describe, expect, test } from 'vitest';
import { emitted, flowOf, recordingHost, testStages } from '#test/support/flow-stages';
import { position, reading } from '#test/support/messages';
import { compileFlow } from './compile.ts';

const start = (document: ReturnType<typeof flowOf>) => {
  const host = recordingHost();
  return { host, flow: compileFlow(document, testStages, host) };
};

describe('graph', () => {
  test('a message runs through to the outbox within the call', () => {
    const { flow, host } = start(flowOf({ in: '@d', sum: 'sum', out: 'emit' }, ['in -> sum', 'sum -> out']));
    flow.push('in', reading(0, 2));
    flow.push('in', reading(1, 3));
    expect(emitted(host)).toEqual([2, 5]);
    expect(host.emissions[0]).toMatchObject({ stage: 'out', subject: 'r1', priority: 'verdict' });
  });

  test('branches are followed in order of the wires, ports by name', () => {
    const nodes = { in: '@d', split: 'split', pair: 'pair', out: 'emit' };
    const { flow, host } = start(
      flowOf(nodes, ['in -> split', 'split.even -> pair.left', 'split.odd -> pair.right', 'pair -> out']),
    );
    for (const value of [2, 3, 4, 5, 6]) flow.push('in', reading(value, value));
    expect(emitted(host)).toEqual([2, 7, 11]);
  });

  test('kinds that the receiver does not accept do not go along the wire', () => {
    const { flow, host } = start(flowOf({ in: '@d', sum: 'sum', out: 'emit' }, ['in -> sum', 'sum -> out']));
    flow.push('in', position(0));
    expect(flow.metrics().map(({ received }) => received)).toEqual([1, 0, 0]);
    expect(host.errors).toEqual([]);
  });

  test('counts what comes and goes', () => {
    const { flow } = start(flowOf({ in: '@d', sum: 'sum', out: 'emit' }, ['in -> sum', 'sum -> out']));
    for (const value of [1, 13, 2]) flow.push('in', reading(value, value));
    expect(flow.metrics()).toMatchObject([
      { node: 'in', type: 'd', received: 3, sent: 3 },
      { node: 'sum', type: 'sum', received: 3, sent: 2, failed: 1, stateKeys: 1 },
      { node: 'out', type: 'emit', received: 2, sent: 2 },
    ]);
  });

  test('refuses unknown nodes and, once stopped, messages', () => {
    const { flow } = start(flowOf({ in: '@d', out: 'emit' }, ['in -> out']));
    expect(() => flow.push('nowhere', reading(0, 1))).toThrow(/no node nowhere/);
    flow.stop();
    expect(() => flow.push('in', reading(0, 1))).toThrow(/stopped/);
  });
});

describe('failure', () => {
  const document = flowOf({ in: '@d', sum: 'sum', out: 'emit', errors: ['emit', { priority: 'alarm' }] }, [
    'in -> sum',
    'sum -> out',
    'sum.error -> errors',
  ]);

  test('what a stage refuses or throws leaves by its error port with the original; the flow goes on', () => {
    const { flow, host } = start(document);
    host.nowMs = 5000;
    const bad = reading(0, 13, { attributes: { lane: 4 } });
    for (const message of [reading(0, 1), bad, reading(0, 17), reading(0, 2)]) flow.push('in', message);
    expect(host.errors).toEqual([
      {
        node: 'sum',
        code: 'sum.unlucky',
        detail: 'it is 13',
        time: '1970-01-01T00:00:05.000Z',
        message: bad,
      },
      expect.objectContaining({ node: 'sum', code: 'stage.threw', detail: 'it is 17' }),
    ]);
    expect(host.emissions.map(({ stage, data }) => [stage, data.value])).toEqual([
      ['out', 1],
      ['errors', 13],
      ['errors', 17],
      ['out', 3],
    ]);
    expect(host.emissions[1]?.data.attributes).toEqual({
      lane: 4,
      error: { node: 'sum', code: 'sum.unlucky', detail: 'it is 13' },
    });
    expect(bad.attributes).toEqual({ lane: 4 });
    expect(flow.changes()).toContainEqual(
      expect.objectContaining({ node: 'sum', space: 'counter', key: 'failed', value: 2 }),
    );
  });

  test('an operator that errors is subscribed again for the next message', () => {
    const { flow, host } = start(
      flowOf({ in: '@d', rx: 'operators', out: 'emit' }, ['in -> rx', 'rx -> out']),
    );
    for (const value of [1, 13, 2, 13, 3]) flow.push('in', reading(value, value));
    expect(emitted(host)).toEqual([1, 2, 3]);
    expect(host.errors.map(({ code, message }) => [code, message])).toEqual([
      ['stage.threw', reading(13, 13)],
      ['stage.threw', reading(13, 13)],
    ]);
  });

  test('an operator that completes is told of and subscribed again', () => {
    const document = flowOf({ in: '@d', rx: ['operators', { take: 2 }], out: 'emit' }, [
      'in -> rx',
      'rx -> out',
    ]);
    const { flow, host } = start(document);
    for (const value of [1, 2, 3, 4, 5]) flow.push('in', reading(value, value));
    expect(emitted(host)).toEqual([1, 2, 3, 4, 5]);
    expect(host.errors.map(({ code }) => code)).toEqual(['stage.ended', 'stage.ended']);
  });

  test('an operator that ends as soon as it is subscribed fails every message and nothing else', () => {
    const document = flowOf({ in: '@d', rx: ['operators', { take: 0 }], out: 'emit' }, [
      'in -> rx',
      'rx -> out',
      'in -> out',
    ]);
    const { flow, host } = start(document);
    for (const value of [1, 2]) flow.push('in', reading(value, value));
    expect(emitted(host)).toEqual([1, 2]);
    expect(host.errors.length).toBeGreaterThanOrEqual(2);
  });
});

describe('taps', () => {
  test('show what leaves a port until they are stopped', () => {
    const { flow } = start(flowOf({ in: '@d', sum: 'sum', out: 'emit' }, ['in -> sum', 'sum -> out']));
    const seen: string[] = [];
    const stops = [
      flow.tap('in', 'out', () => seen.push('in')),
      flow.tap('sum', 'out', () => seen.push('sum')),
      flow.tap('sum', 'error', () => seen.push('error')),
    ];
    flow.push('in', reading(0, 1));
    flow.push('in', reading(0, 13));
    for (const stop of stops) stop();
    flow.push('in', reading(0, 1));
    expect(seen).toEqual(['in', 'sum', 'in', 'error']);
    expect(() => flow.tap('sum', 'late', () => {})).toThrow(/no output late/);
  });

  test('a watcher that throws is left out and disturbs nothing', () => {
    const { flow, host } = start(flowOf({ in: '@d', out: 'emit' }, ['in -> out']));
    let calls = 0;
    flow.tap('in', 'out', () => {
      calls++;
      throw new Error('gone');
    });
    flow.push('in', reading(0, 1));
    flow.push('in', reading(0, 2));
    expect([calls, emitted(host)]).toEqual([1, [1, 2]]);
  });
});
