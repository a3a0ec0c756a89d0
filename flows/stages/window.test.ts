import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, atMs, reading } from '#test/support/messages';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { aggregates, functions } from './aggregates.ts';
import { window } from './window.ts';

const all = Object.fromEntries(functions.map((fn) => [fn, { fn, value: 'm.value' }]));

interface Closed {
  readonly key: string;
  readonly begin: string;
  readonly end: string;
  readonly count: number;
  readonly values: Record<string, number | null>;
}

const closed = (messages: readonly Message[]): Closed[] =>
  messages.flatMap((message) => (message.kind === 'event' ? [message.data as unknown as Closed] : []));

const spans = (messages: readonly Message[]) =>
  closed(messages).map(({ begin, end, count }) => [begin.slice(14, 19), end.slice(14, 19), count]);

describe('window, tumbling', () => {
  test('gives its aggregates when the watermark passes its end', () => {
    const run = runStage(window, { sizeSeconds: 60, latenessSeconds: 5, aggregates: all });
    for (const [s, value] of [
      [1, 4],
      [50, 1],
      [30, 7],
      [59.9, 4],
    ] as const)
      run.push(reading(s, value), 'in', atMs(61));
    run.push(reading(64.9, 100), 'in', atMs(65));
    expect(run.port('out')).toEqual([]);
    run.push(reading(65, 100));
    expect(run.port('out')).toEqual([
      {
        kind: 'event',
        type: 'quaywatch.window.closed',
        device: 'r1',
        subject: 'r1',
        time: at(60),
        quality: 'good',
        attributes: {},
        data: {
          key: 'r1',
          begin: at(0),
          end: at(60),
          count: 4,
          values: { count: 4, first: 4, last: 4, max: 7, mean: 4, min: 1, stddev: Math.sqrt(6), sum: 16 },
        },
        stage: 'node',
      },
    ]);
  });

  test('sends what comes after its window out of `late`', () => {
    const run = runStage(window, { sizeSeconds: 60, latenessSeconds: 0 });
    for (const s of [10, 70, 59]) run.push(reading(s, 1), 'in', atMs(70));
    expect(run.port('late')).toEqual([reading(59, 1)]);
    run.flush();
    expect(spans(run.port('out'))).toEqual([
      ['00:00', '01:00', 1],
      ['01:00', '02:00', 1],
    ]);
  });

  test('closes by the clock when nothing more comes, and then forgets the key', () => {
    const run = runStage(window, { sizeSeconds: 60, latenessSeconds: 5, idleSeconds: 20 });
    run.push(reading(30, 1));
    run.advance(atMs(84));
    expect(run.port('out')).toHaveLength(0);
    run.advance(atMs(85));
    expect(spans(run.port('out'))).toEqual([['00:00', '01:00', 1]]);
    run.push(reading(31, 1), 'in', atMs(86));
    expect(run.port('late')).toHaveLength(1);
    run.advance(atMs(1000));
    expect(run.state.size).toBe(0);
  });

  test('waits for the rest of what only comes long after it was measured', () => {
    const run = runStage(window, { sizeSeconds: 60, idleSeconds: 20 });
    for (let s = 0; s < 180; s += 10) run.push(reading(s, 1), 'in', atMs(7200 + s));
    run.flush();
    expect(spans(run.port('out')).map(([, , count]) => count)).toEqual([6, 6, 6]);
    expect(run.port('late')).toEqual([]);
  });
});

test('window, sliding: a message is in every window that covers it', () => {
  const run = runStage(window, {
    type: 'sliding',
    sizeSeconds: 60,
    slideSeconds: 20,
    aggregates: { n: { fn: 'count' } },
  });
  for (const s of [65, 79, 80]) run.push(reading(s, 1));
  run.flush();
  expect(spans(run.port('out'))).toEqual([
    ['00:20', '01:20', 2],
    ['00:40', '01:40', 3],
    ['01:00', '02:00', 3],
    ['01:20', '02:20', 1],
  ]);
});

describe('window, session', () => {
  test('is as long as messages follow each other, and grows together when one comes between', () => {
    const config = { type: 'session', gapSeconds: 10, latenessSeconds: 30, aggregates: all };
    const run = runStage(window, config);
    for (const [s, value] of [
      [0, 1],
      [15, 2],
      [9, 6],
      [60, 5],
    ] as const)
      run.push(reading(s, value), 'in', atMs(60));
    run.flush();
    expect(spans(run.port('out'))).toEqual([
      ['00:00', '00:25', 3],
      ['01:00', '01:10', 1],
    ]);
    expect(closed(run.port('out'))[0]?.values).toMatchObject({
      sum: 9,
      mean: 3,
      first: 1,
      last: 2,
      max: 6,
      stddev: Math.sqrt(7),
    });
    expect(closed(run.port('out'))[1]?.values).toMatchObject({ stddev: null });
  });

  test('joining two stretches is as good as adding one by one', () => {
    const value = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (a, b) => {
        for (const aggregate of Object.values(aggregates)) {
          const over = (list: readonly number[], fromMs: number) =>
            list.reduce((soFar, x, i) => aggregate.add(soFar, x, fromMs + i), [...aggregate.initial]);
          const whole = aggregate.result(over([...a, ...b], 0));
          const joined = aggregate.result(aggregate.merge(over(a, 0), over(b, a.length)));
          if (whole === null) expect(joined).toBeNull();
          else expect(joined).toBeCloseTo(whole, 6);
        }
      }),
    );
  });
});

describe('window', () => {
  test('has windows of their own for each key', () => {
    const run = runStage(window, { sizeSeconds: 60, key: 'm.name' });
    for (const name of ['b', 'a', 'b']) run.push(reading(0, 1, { name }));
    run.flush();
    expect(closed(run.port('out')).map(({ key, count }) => [key, count])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });

  test('sends what it cannot handle out of the error port, whole', () => {
    const run = runStage(window, {
      sizeSeconds: 60,
      aggregates: { sum: { fn: 'sum', value: 'm.attributes.x' } },
    });
    run.push(reading(0, 1));
    run.push(reading(1, 1, { attributes: { x: 'many' } }));
    run.push(reading(2, 1, { attributes: { x: 3 } }));
    run.flush();
    expect(run.outputs).toMatchObject([
      { error: 'expression.failed' },
      { error: 'expression.failed' },
      { message: { data: { count: 1, values: { sum: 3 } } } },
    ]);
  });

  test.each([
    [{ type: 'sliding', sizeSeconds: 60 }, 'slideSeconds'],
    [{ type: 'session' }, 'gapSeconds'],
    [{}, 'sizeSeconds'],
    [{ type: 'sliding', sizeSeconds: 60, slideSeconds: 0.1 }, 'slideSeconds'],
    [{ type: 'sliding', sizeSeconds: 60, slideSeconds: 61 }, 'slideSeconds'],
    [{ sizeSeconds: 60, aggregates: { mean: { fn: 'mean' } } }, 'aggregates.mean.value'],
    [{ sizeSeconds: 60, aggregates: { mean: { fn: 'mean', value: 'm.value >' } } }, 'aggregates.mean.value'],
  ])('refuses %j at %s', (config, path) => {
    expect(() => configOf(window, config)).toThrow(path);
  });

  test('counts every message in the windows of its time or sends it to `late`, wherever it is restarted', () => {
    const step = fc.tuple(fc.nat(300), fc.constantFrom('a', 'b'), fc.nat(20));
    const configs = fc.constantFrom(
      { sizeSeconds: 20 },
      { type: 'sliding', sizeSeconds: 20, slideSeconds: 10 },
      { type: 'session', gapSeconds: 7 },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), configs, fc.array(fc.nat(40)), (list, shape, cuts) => {
        let clock = 300;
        const steps = list.map(([s, device, wait]): Step => {
          clock += wait;
          return { message: reading(s, s, { device }), atMs: atMs(clock) };
        });
        const config = { ...shape, latenessSeconds: 30, idleSeconds: 25, aggregates: all };
        const outputs = outputsOf(window, config, steps, cuts);
        expect(outputs).toEqual(outputsOf(window, config, steps));
        const port = (name: string) =>
          outputs.flatMap((one) => ('port' in one && one.port === name ? [one.message] : []));
        const counted = closed(port('out')).reduce((sum, { count }) => sum + count, 0);
        if (shape.slideSeconds) expect(counted).toBeLessThanOrEqual(2 * (steps.length - port('late').length));
        else expect(counted).toBe(steps.length - port('late').length);
        for (const { count, values } of closed(port('out'))) expect(values.count).toBe(count);
      }),
      { numRuns: 60 },
    );
  });
});
