import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, atMs, position, seal } from '#test/support/messages';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { join } from './join.ts';

const config = { withinSeconds: 10, left: 'm.container', right: 'device' };
const report = (s: number, container: string) => seal(s, 'locked', { container });
const truck = (s: number, device: string) => position(s, s, 0, { device });

const pairs = (messages: readonly Message[]) =>
  messages.flatMap((message) => {
    if (message.kind !== 'event') return [];
    const { key, left, right } = message.data as { key: string; left: Message; right?: Message };
    const second = (one: Message | undefined) => one && (Date.parse(one.time ?? '') - atMs(0)) / 1000;
    return [[key, second(left), second(right)]];
  });

describe('join', () => {
  test('pairs what has the same key and lies close, whichever comes first', () => {
    const run = runStage(join, config);
    run.push(truck(0, 'A'), 'right');
    run.push(report(5, 'A'), 'left');
    run.push(report(5, 'B'), 'left');
    run.push(truck(14, 'B'), 'right');
    run.push(truck(15, 'A'), 'right');
    run.push(truck(16, 'A'), 'right');
    expect(pairs(run.port('out'))).toEqual([
      ['A', 5, 0],
      ['B', 5, 14],
      ['A', 5, 15],
    ]);
    expect(run.port('out')[1]).toMatchObject({
      type: 'quaywatch.join.matched',
      device: 's1',
      subject: 'B',
      time: at(14),
      data: { left: report(5, 'B'), right: truck(14, 'B') },
      stage: 'node',
    });
  });

  test('left: gives what found no partner once none can come, by event time or by the clock', () => {
    const run = runStage(join, { ...config, type: 'left', latenessSeconds: 5, idleSeconds: 20 });
    run.push(report(0, 'A'), 'left');
    run.push(truck(15, 'A'), 'right');
    expect(run.port('out')).toHaveLength(0);
    run.push(truck(16, 'A'), 'right');
    expect(pairs(run.port('out'))).toEqual([['A', 0, undefined]]);
    run.push(report(100, 'B'), 'left');
    run.advance(atMs(134));
    expect(run.port('out')).toHaveLength(1);
    run.advance(atMs(135));
    expect(pairs(run.port('out')).at(-1)).toEqual(['B', 100, undefined]);
    expect(run.state.size).toBe(0);
  });

  test('holds no more than it may', () => {
    const run = runStage(join, { ...config, maxHeld: 2, maxKeys: 1 });
    for (const s of [0, 1, 2]) run.push(report(s, 'A'), 'left');
    run.push(report(3, 'B'), 'left');
    expect(run.outputs).toMatchObject([
      { port: 'dropped', message: { time: at(0) } },
      { error: 'state.full' },
    ]);
    run.push(truck(3, 'A'), 'right');
    expect(pairs(run.port('out'))).toHaveLength(2);
  });

  test('sends what is too old out of `late`, and what it cannot handle out of the error port', () => {
    const run = runStage(join, config);
    run.push(report(20, 'A'), 'left');
    run.push(report(14, 'A'), 'left', atMs(20));
    run.push(seal(21, 'locked'), 'left');
    expect(run.outputs).toMatchObject([{ port: 'late' }, { error: 'expression.failed' }]);
    expect(() => configOf(join, { ...config, left: 'nothing' })).toThrow('left:');
  });

  test('finds every pair that there is, wherever it is restarted', () => {
    const step = fc.tuple(fc.nat(8), fc.boolean(), fc.constantFrom('A', 'B'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(fc.nat(30)), (list, cuts) => {
        let s = 0;
        const steps = list.map(([wait, left, key]): Step => {
          s += wait;
          return left ? { message: report(s, key), port: 'left' } : { message: truck(s, key), port: 'right' };
        });
        const whole = { ...config, type: 'left' as const };
        const outputs = outputsOf(join, whole, steps, cuts);
        expect(outputs).toEqual(outputsOf(join, whole, steps));
        const found = pairs(outputs.flatMap((one) => ('port' in one ? [one.message] : [])));
        const lefts = steps.filter(({ port }) => port === 'left');
        const second = ({ message }: Step) => (Date.parse(message.time ?? '') - atMs(0)) / 1000;
        const expected = lefts.flatMap((left) => {
          const key = left.message.kind === 'seal' ? left.message.container : '';
          const partners = steps.filter(
            (right) =>
              right.port === 'right' &&
              right.message.device === key &&
              Math.abs(second(right) - second(left)) <= 10,
          );
          if (partners.length === 0) return [[key, second(left), undefined]];
          return partners.map((right) => [key, second(left), second(right)]);
        });
        expect(found.map(String).sort()).toEqual(expected.map(String).sort());
      }),
      { numRuns: 100 },
    );
  });
});
