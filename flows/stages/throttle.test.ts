import fc from 'fast-check';
import { expect, test } from 'vitest';
import { position } from '#test/support/messages';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { throttle } from './throttle.ts';

const passed = (config: object, seconds: readonly number[]) => {
  const run = runStage(throttle, config);
  for (const s of seconds) run.push(position(s));
  expect(run.port('out').length + run.port('dropped').length).toBe(seconds.length);
  return run.port('out').map(({ received }) => Number(received?.slice(17, 19)));
};

test('passes the first, then one in each interval', () => {
  expect(passed({ everySeconds: 10 }, [0, 1, 9, 10, 15, 20, 29, 45])).toEqual([0, 10, 20, 45]);
});

test('passes so many a second, and after a pause as many at once', () => {
  expect(passed({ maxPerSecond: 2 }, [0, 0, 0, 0.5, 0.6, 30, 30, 30])).toEqual([0, 0, 0, 30, 30]);
  expect(passed({ maxPerSecond: 0.1 }, [0, 9, 10, 19, 20])).toEqual([0, 10, 20]);
});

test('limits each key by itself, and forgets keys that are quiet', () => {
  const run = runStage(throttle, { everySeconds: 10, key: ['device', 'attributes.lane'], maxKeys: 2 });
  const lane = (s: number, n: number) => position(s, 0, 0, { attributes: { lane: n } });
  for (const message of [lane(0, 1), lane(1, 2), lane(2, 3), lane(3, 1), lane(12, 3)]) run.push(message);
  expect(run.outputs).toMatchObject([
    { port: 'out' },
    { port: 'out' },
    { error: 'state.full' },
    { port: 'dropped' },
    { port: 'out' },
  ]);
  run.flush();
  expect(run.state.size).toBe(0);
});

test('wants one rate, not none or two', () => {
  expect(() => configOf(throttle, {})).toThrow('either');
  expect(() => configOf(throttle, { everySeconds: 1, maxPerSecond: 1 })).toThrow('either');
  expect(() => configOf(throttle, { everySeconds: 1, key: ['a b'] })).toThrow('key[0]');
});

test('never passes more than the rate allows, and gives the same after any restart', () => {
  const steps = fc
    .array(fc.nat(200), { maxLength: 40 })
    .map((list) => list.sort((a, b) => a - b).map((tenth): Step => ({ message: position(tenth / 10) })));
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(40)), (list, maxPerSecond, cuts) => {
      const outputs = outputsOf(throttle, { maxPerSecond }, list, cuts);
      expect(outputs).toEqual(outputsOf(throttle, { maxPerSecond }, list));
      const times = outputs.flatMap((one) =>
        'port' in one && one.port === 'out' ? [Date.parse(one.message.received ?? '')] : [],
      );
      times.forEach((from, i) => {
        const within = times.slice(i).filter((time) => time - from <= 3000).length;
        expect(within).toBeLessThanOrEqual(maxPerSecond * 4);
      });
    }),
    { numRuns: 100 },
  );
});
