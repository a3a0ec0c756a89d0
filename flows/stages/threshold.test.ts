import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, atMs, reading } from '#test/support/messages';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { threshold } from './threshold.ts';

const alarms = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.kind === 'event'
      ? [
          [
            message.type.replace('quaywatch.threshold.', ''),
            message.data.side,
            message.time,
            message.data.value,
          ],
        ]
      : [],
  );

function over(config: object, values: readonly (readonly [number, number])[]) {
  const run = runStage(threshold, { value: 'm.value', ...config });
  for (const [s, value] of values) run.push(reading(s, value));
  return alarms(run.port('out'));
}

describe('threshold', () => {
  test('raises above the limit and clears inside of the hysteresis', () => {
    const values = [
      [0, 10],
      [1, 10.1],
      [2, 12],
      [3, 9],
      [4, 8.1],
      [5, 8],
      [6, 11],
    ] as const;
    expect(over({ above: 10, hysteresis: 2 }, values)).toEqual([
      ['raised', 'above', at(1), 10.1],
      ['cleared', 'above', at(5), 8],
      ['raised', 'above', at(6), 11],
    ]);
  });

  test('says what was beyond what, since when and how grave that is', () => {
    const run = runStage(threshold, { value: 'm.value', below: 3, severity: 'high' });
    for (const [s, value] of [
      [0, 2],
      [9, 4],
    ] as const)
      run.push(reading(s, value));
    expect(run.port('out')).toMatchObject([
      {
        type: 'quaywatch.threshold.raised',
        device: 'r1',
        subject: 'r1',
        stage: 'node',
        data: {
          key: 'r1',
          side: 'below',
          limit: 3,
          value: 2,
          since: at(0),
          severity: 'high',
          name: 'temperature',
          unit: 'Cel',
        },
      },
      {
        type: 'quaywatch.threshold.cleared',
        data: { value: 4, since: at(0), raised: at(0), severity: 'high' },
      },
    ]);
  });

  test('names what it watches where no reading does', () => {
    const run = runStage(threshold, { value: '91.0', above: 90, name: 'speed', unit: 'km/h' });
    run.push(reading(0, 1));
    expect(run.port('out')).toMatchObject([{ data: { name: 'speed', unit: 'km/h', value: 91, limit: 90 } }]);
  });

  test('goes from one limit to the other', () => {
    expect(
      over({ above: 10, below: 0 }, [
        [0, 11],
        [1, -1],
        [2, 5],
      ]),
    ).toEqual([
      ['raised', 'above', at(0), 11],
      ['cleared', 'above', at(1), -1],
      ['raised', 'below', at(1), -1],
      ['cleared', 'below', at(2), 5],
    ]);
  });

  test('waits for `forSeconds`, and forgets what came back before', () => {
    const values = [
      [0, 11],
      [5, 9],
      [6, 11],
      [15, 12],
      [17, 13],
    ] as const;
    expect(over({ above: 10, forSeconds: 10 }, values)).toEqual([['raised', 'above', at(16), 12]]);
  });

  test('a value holds until the next: the clock raises, and a late recording is judged by its own times', () => {
    const run = runStage(threshold, { value: 'm.value', above: 10, forSeconds: 10 });
    run.push(reading(0, 11));
    run.advance(atMs(9));
    expect(run.port('out')).toEqual([]);
    run.advance(atMs(10));
    expect(alarms(run.port('out'))).toEqual([['raised', 'above', at(10), 11]]);
    const recorded = runStage(threshold, { value: 'm.value', above: 10, forSeconds: 10 });
    for (const [s, value] of [
      [0, 11],
      [5, 9],
      [30, 9],
    ] as const)
      recorded.push(reading(s, value), 'in', atMs(5000));
    recorded.flush();
    expect(recorded.port('out')).toEqual([]);
  });

  test('ignores bad values, sends old ones out of `late` and no numbers out of the error port', () => {
    const run = runStage(threshold, { value: 'm.attributes.x', above: 10 });
    const x = (s: number, value: unknown, more: object = {}) =>
      reading(s, 0, { attributes: { x: value }, ...more });
    for (const message of [x(5, 99, { quality: 'bad' }), x(5, 1), x(6, 'eleven'), x(6, null)])
      run.push(message);
    run.push(x(4, 99), 'in', atMs(7));
    expect(run.outputs).toMatchObject([
      { error: 'expression.failed' },
      { error: 'expression.failed' },
      { port: 'late' },
    ]);
  });

  test.each([
    [{}, 'above'],
    [{ above: 1, below: 1 }, 'below'],
    [{ above: 10, below: 5, hysteresis: 3 }, 'below'],
    [{ above: 1, value: 'kind ==' }, 'value'],
  ])('refuses %j', (config, path) => {
    expect(() => configOf(threshold, { value: 'm.value', ...config })).toThrow(path);
  });

  test('raises and clears in turn for each key, and gives the same wherever it is restarted', () => {
    const step = fc.tuple(fc.nat(6), fc.integer({ min: -5, max: 5 }), fc.constantFrom('a', 'b'));
    const configs = fc.record({ hysteresis: fc.nat(1), forSeconds: fc.nat(8) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), configs, fc.array(fc.nat(50)), (list, extra, cuts) => {
        let s = 0;
        const steps = list.map(([wait, value, device]): Step => {
          s += wait;
          return { message: reading(s, value, { device }) };
        });
        const config = { value: 'm.value', above: 2, below: -2, ...extra };
        const outputs = outputsOf(threshold, config, steps, cuts);
        expect(outputs).toEqual(outputsOf(threshold, config, steps));
        for (const device of ['a', 'b']) {
          const types = outputs.flatMap((one) =>
            'port' in one && one.message.kind === 'event' && one.message.subject === device
              ? [one.message.type]
              : [],
          );
          types.forEach((type, i) => {
            expect(type.endsWith('raised')).toBe(i % 2 === 0);
          });
        }
      }),
      { numRuns: 100 },
    );
  });
});
