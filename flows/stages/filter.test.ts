import { expect, test } from 'vitest';
import { position, reading } from '#test/support/messages';
import { configOf, outputsOf, runStage } from '#test/support/stage-harness';
import { filter } from './filter.ts';

test('lets through what the condition holds for', () => {
  const run = runStage(filter, { when: 'kind == "position" && has(m.speedKph) && speedKph > 80' });
  run.push(position(0, 1, 1, { speedKph: 90 }));
  run.push(position(1, 1, 1, { speedKph: 80 }));
  run.push(position(2));
  run.push(reading(3, 100));
  expect(run.outputs).toEqual([{ port: 'out', message: position(0, 1, 1, { speedKph: 90 }) }]);
});

test('sends a message that the condition fails on out of the error port, and goes on', () => {
  const run = runStage(filter, { when: 'm.speedKph > 80' });
  run.push(position(0));
  run.push(position(1, 0, 0, { speedKph: 90 }));
  expect(run.outputs).toMatchObject([
    { error: 'expression.failed', detail: expect.stringContaining('speedKph'), message: { device: 't1' } },
    { port: 'out' },
  ]);
});

test('refuses a wrong condition with its place', () => {
  expect(() => configOf(filter, { when: 'speed > 80' })).toThrow(
    'when: Unknown variable: speed (at character 1)',
  );
  expect(() => configOf(filter, { when: '1 + 2' })).toThrow('when: This gives a int, and a bool is needed');
  expect(() => configOf(filter, {})).toThrow();
});

test('of nothing gives nothing', () => {
  expect(outputsOf(filter, { when: 'true' }, [])).toEqual([]);
});
