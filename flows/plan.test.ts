import { describe, expect, test } from 'vitest';
import { flowOf, testStages } from '#test/support/flow-stages';
import { describeStages } from './describe.ts';
import { flowHash } from './flow.ts';
import { planChange, type StateFacts, stateFacts } from './plan.ts';

const old = flowOf(
  { a: ['@d', { port: 1 }], b: ['@d', { port: 2 }], sum: 'sum', late: 'delay', batch: 'batch', out: 'emit' },
  ['a -> sum', 'b -> late', 'sum -> batch', 'late -> out', 'batch -> out'],
);
const next = flowOf(
  {
    a: ['@d', { port: 1 }],
    b: ['@d', { port: 3 }],
    c: '@d',
    sum: 'sum',
    late: ['delay', { seconds: 9 }],
    batch: 'sum',
    out: 'emit',
  },
  ['a -> sum', 'b -> late', 'c -> batch', 'sum -> out', 'late -> out', 'batch -> out'],
  2,
);

describe('plan of a change', () => {
  test('says what becomes of nodes, sources and state', () => {
    const plan = planChange(old, next, testStages);
    expect(plan).toMatchObject({
      flow: 'test',
      from: flowHash(old),
      to: flowHash(next),
      lost: ['test/batch'],
    });
    expect(Object.fromEntries(plan.nodes.map(({ node, change }) => [node, change]))).toEqual({
      a: 'kept',
      b: 'changed',
      c: 'added',
      sum: 'kept',
      late: 'changed',
      batch: 'changed',
      out: 'kept',
    });
    expect(plan.sources).toEqual([
      { node: 'a', change: 'keep' },
      { node: 'b', change: 'restart' },
      { node: 'c', change: 'start' },
    ]);
    expect(plan.state).toEqual([
      { node: 'sum', fate: 'carried' },
      { node: 'late', fate: 'carried' },
      { node: 'batch', fate: 'lost', reason: 'stage' },
    ]);
  });

  test('with the running state: nothing remembered is nothing lost, and versions are known', () => {
    const facts = new Map<string, StateFacts>([
      ['sum', { keys: 4, version: 1 }],
      ['late', { keys: 1, version: 7 }],
    ]);
    const plan = planChange(old, next, testStages, facts);
    expect(plan.state).toEqual([
      { node: 'sum', fate: 'migrated', keys: 4 },
      { node: 'late', fate: 'lost', reason: 'version', keys: 1 },
    ]);
    expect(plan.lost).toEqual(['test/late']);
  });

  test('of a flow that is new, or removed', () => {
    expect(planChange(undefined, next, testStages)).toMatchObject({ state: [], lost: [] });
    const removal = planChange(old, undefined, testStages);
    expect(removal.lost).toEqual(['test/sum', 'test/late', 'test/batch']);
    expect(removal.sources.map(({ change }) => change)).toEqual(['stop', 'stop']);
  });

  test('facts come from a checkpoint; counters are no state, timers are', () => {
    const entry = { key: 'k', version: 1, value: 1 };
    expect(
      stateFacts([
        { node: 'a', space: 'counter', ...entry },
        { node: 'b', space: 'timer', ...entry },
        { node: 'c', space: 'state', ...entry, version: 3 },
        { node: 'c', space: 'state', ...entry, key: 'l', version: 2 },
        { node: 'd', space: 'state', ...entry, value: undefined },
      ]),
    ).toEqual(
      new Map([
        ['b', { keys: 1, version: Number.POSITIVE_INFINITY }],
        ['c', { keys: 2, version: 2 }],
      ]),
    );
  });
});

test('stages are described as plain JSON', () => {
  const described = describeStages(testStages);
  expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  expect(described.find(({ type }) => type === 'pair')).toMatchObject({
    inputs: ['left', 'right'],
    outputs: 'fixed',
    stateful: true,
    asynchronous: false,
    config: { type: 'object' },
  });
});
