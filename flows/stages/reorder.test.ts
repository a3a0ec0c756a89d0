import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { atMs, position } from '#test/support/messages';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { reorder } from './reorder.ts';

const seconds = (messages: readonly Message[]) =>
  messages.map(({ time }) => Date.parse(time ?? '') / 1000 - atMs(0) / 1000);

describe('reorder', () => {
  test('puts messages in order of event time, and gives the same at equal times as they came', () => {
    const run = runStage(reorder, { latenessSeconds: 5 });
    [3, 1, 4, 2, 4, 9].forEach((s, i) => {
      run.push(position(s, i), 'in', atMs(10 + i));
    });
    expect(seconds(run.port('out'))).toEqual([1, 2, 3, 4, 4]);
    expect(run.port('out').map((message) => 'lon' in message && message.lon)).toEqual([1, 3, 0, 2, 4]);
    run.flush();
    expect(seconds(run.port('out'))).toEqual([1, 2, 3, 4, 4, 9]);
  });

  test('sends what comes too late out of `late`', () => {
    const run = runStage(reorder, { latenessSeconds: 5 });
    for (const s of [10, 4, 5]) run.push(position(s), 'in', atMs(20));
    expect(seconds(run.port('late'))).toEqual([4]);
    expect(seconds(run.port('out'))).toEqual([5]);
  });

  test('holds no more than it may, and lets go when nothing comes', () => {
    const run = runStage(reorder, { latenessSeconds: 100, maxHeld: 2, idleSeconds: 30 });
    for (const s of [3, 2, 1]) run.push(position(s), 'in', atMs(3));
    expect(seconds(run.port('out'))).toEqual([1]);
    run.push(position(5), 'in', atMs(20));
    run.advance(atMs(49));
    expect(seconds(run.port('out'))).toEqual([1, 2]);
    run.advance(atMs(50));
    expect(seconds(run.port('out'))).toEqual([1, 2, 3, 5]);
    run.push(position(4), 'in', atMs(51));
    expect(seconds(run.port('late'))).toEqual([4]);
    run.advance(atMs(1000));
    expect(run.state.size).toBe(0);
  });

  test('sends what has no time or device out of the error port', () => {
    const run = runStage(reorder, {});
    run.push(position(0, 0, 0, { time: '?' }));
    const { device: _, ...nameless } = position(0);
    run.push(nameless as Message);
    expect(run.outputs).toMatchObject([{ error: 'message.time' }, { error: 'message.device' }]);
  });

  test('gives every message once, each device in order, whatever comes and wherever it is restarted', () => {
    const step = fc
      .tuple(fc.nat(60), fc.constantFrom('a', 'b'), fc.nat(3))
      .map(([s, device, later]) => ({ s, device, later }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(fc.nat(40)), (list, cuts) => {
        let clock = 0;
        const steps = list.map(({ s, device, later }): Step => {
          clock += later * 10;
          return { message: position(s, 0, 0, { device }), atMs: atMs(60 + clock) };
        });
        const config = { latenessSeconds: 10, maxHeld: 5, idleSeconds: 15 };
        const outputs = outputsOf(reorder, config, steps, cuts);
        expect(outputs).toEqual(outputsOf(reorder, config, steps));
        expect(outputs).toHaveLength(steps.length);
        // an idle device may begin again: order holds until then, so a pause is a new beginning here
        const calm = steps.map(({ message }) => ({ message, atMs: atMs(60) }));
        for (const device of ['a', 'b']) {
          const out = outputsOf(reorder, config, calm, cuts).flatMap((one) =>
            'port' in one && one.port === 'out' && one.message.device === device ? [one.message] : [],
          );
          expect(seconds(out)).toEqual(seconds(out).sort((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  });
});
