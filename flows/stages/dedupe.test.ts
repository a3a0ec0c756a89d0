import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atMs, position, reading } from '#test/support/messages';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { dedupe } from './dedupe.ts';

const ports = (run: ReturnType<typeof runStage>) =>
  run.outputs.map((one) => ('port' in one ? one.port : one));

test('drops repeats of device, time and kind', () => {
  const run = runStage(dedupe, {});
  run.push(position(0), 'in', atMs(0));
  run.push(position(0, 9), 'in', atMs(1));
  run.push(position(0, 0, 0, { device: 't2' }), 'in', atMs(1));
  run.push(position(1), 'in', atMs(2));
  run.push(reading(0, 1, { device: 't1' }), 'in', atMs(3));
  expect(ports(run)).toEqual(['out', 'dropped', 'out', 'out', 'out']);
});

test('forgets after a time, counted from the first', () => {
  const run = runStage(dedupe, { key: 'device', withinSeconds: 10 });
  for (const s of [0, 9, 10, 15, 20]) run.push(position(s));
  expect(ports(run)).toEqual(['out', 'dropped', 'out', 'dropped', 'out']);
});

test('forgets the oldest when it knows too many', () => {
  const run = runStage(dedupe, { key: ['device'], maxKeys: 2 });
  for (const device of ['a', 'b', 'c', 'b', 'a']) run.push(position(0, 0, 0, { device }));
  expect(ports(run)).toEqual(['out', 'out', 'out', 'dropped', 'out']);
  expect(run.state.size).toBe(2);
});

test('goes on forgetting in order after thousands of keys', () => {
  const run = runStage(dedupe, { key: 'device', maxKeys: 10 });
  for (let i = 0; i < 2500; i++) run.push(position(0, 0, 0, { device: `d${i}` }));
  for (let i = 2490; i < 2500; i++) run.push(position(0, 0, 0, { device: `d${i}` }));
  expect(run.port('out')).toHaveLength(2500);
  expect(run.port('dropped')).toHaveLength(10);
  expect([...run.state.keys()].sort()).toEqual(Array.from({ length: 10 }, (_, i) => `d${2490 + i}`));
});

test('sends what its key fails on out of the error port', () => {
  const run = runStage(dedupe, { key: 'm.name' });
  run.push(position(0));
  expect(run.outputs).toMatchObject([{ error: 'expression.failed' }]);
});

test('is a model of it over any sequence, restarts included', () => {
  const step = fc.tuple(fc.nat(3), fc.constantFrom('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(fc.nat(60)), (list, cuts) => {
      let seconds = 0;
      const steps = list.map(([wait, device]): Step => {
        seconds += wait;
        return { message: position(seconds, 0, 0, { device }) };
      });
      const known: { device: string; since: number }[] = [];
      const expected = steps.map(({ message }) => {
        const now = Date.parse(message.received ?? '') / 1000;
        while (known[0] && known[0].since + 5 <= now) known.shift();
        if (known.some(({ device }) => device === message.device)) return 'dropped';
        if (known.length === 3) known.shift();
        known.push({ device: message.device ?? '', since: now });
        return 'out';
      });
      const outputs = outputsOf(dedupe, { key: 'device', withinSeconds: 5, maxKeys: 3 }, steps, cuts);
      expect(outputs.map((one) => 'port' in one && one.port)).toEqual(expected);
    }),
  );
});
