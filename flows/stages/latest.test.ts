import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atMs, position } from '#test/support/messages';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { latest } from './latest.ts';

test('gives the newest of each device, once in the interval, and always the last', () => {
  const run = runStage(latest, { everySeconds: 10 });
  for (const s of [0, 4, 9]) run.push(position(s, s));
  run.push(position(5, 50, 0, { device: 't2' }), 'in', atMs(9));
  run.advance(atMs(10));
  expect(run.port('out')).toEqual([position(9, 9)]);
  run.push(position(12, 12));
  run.flush();
  expect(run.port('out').map(({ device, time }) => [device, time?.slice(17, 19)])).toEqual([
    ['t1', '09'],
    ['t2', '05'],
    ['t1', '12'],
  ]);
  expect(run.state.size).toBe(0);
});

test('goes by event time: an old message that comes late does not take the place of a newer one', () => {
  const run = runStage(latest, { everySeconds: 10 });
  run.push(position(8, 8), 'in', atMs(8));
  run.push(position(3, 3), 'in', atMs(9));
  run.flush();
  expect(run.port('out')).toEqual([position(8, 8)]);
});

test('sends what it cannot handle out of the error port', () => {
  const run = runStage(latest, { everySeconds: 1, maxKeys: 1 });
  run.push(position(0));
  run.push(position(0, 0, 0, { device: 't2' }));
  run.push(position(0, 0, 0, { time: 'x' }));
  expect(run.outputs).toMatchObject([{ error: 'state.full' }, { error: 'message.time' }]);
});

test('gives the same after a restart at any point', () => {
  const steps = fc
    .array(fc.tuple(fc.nat(60), fc.constantFrom('a', 'b')), { maxLength: 30 })
    .map((list) =>
      list
        .sort((a, b) => a[0] - b[0])
        .map(([s, device]): Step => ({ message: position(s, s, 0, { device }) })),
    );
  fc.assert(
    fc.property(steps, fc.array(fc.nat(30)), (list, cuts) => {
      expect(outputsOf(latest, { everySeconds: 7 }, list, cuts)).toEqual(
        outputsOf(latest, { everySeconds: 7 }, list),
      );
    }),
    { numRuns: 50 },
  );
});
