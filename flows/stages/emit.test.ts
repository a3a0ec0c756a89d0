import { expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, position, seal } from '#test/support/messages';
import { configOf, runStage } from '#test/support/stage-harness';
import { emit } from './emit.ts';

const draft: Message = {
  kind: 'event',
  device: 't1',
  time: at(5),
  quality: 'good',
  attributes: {},
  type: 'quaywatch.fence.enter',
  subject: 't1',
  data: { fence: 'gate-a' },
  stage: 'fences',
  supersedes: 'box:4',
};

test('hands a conclusion over as it is', () => {
  const run = runStage(emit, { priority: 'alarm' });
  run.push(draft);
  expect(run.outputs).toEqual([
    {
      emission: {
        priority: 'alarm',
        type: 'quaywatch.fence.enter',
        subject: 't1',
        time: at(5),
        data: { fence: 'gate-a' },
        stage: 'fences',
        supersedes: 'box:4',
      },
    },
  ]);
});

test('makes an observation of any other message', () => {
  const run = runStage(emit, {});
  run.push(position(7, 1, 2, { speedKph: 3 }));
  expect(run.outputs).toEqual([
    {
      emission: {
        priority: 'verdict',
        type: 'quaywatch.position.observed',
        subject: 't1',
        time: at(7),
        data: { quality: 'good', attributes: {}, lon: 1, lat: 2, speedKph: 3, fix: true },
        stage: 'node',
      },
    },
  ]);
});

test('takes type and subject from the config', () => {
  const run = runStage(emit, { type: 'quaywatch.seal.alarm', subject: 'm.container' });
  run.push(seal(0, 'cut', { container: 'CSQU3054383' }));
  run.push(seal(1, 'cut'));
  expect(run.outputs).toMatchObject([
    { emission: { type: 'quaywatch.seal.alarm', subject: 'CSQU3054383' } },
    { error: 'expression.failed' },
  ]);
  expect(() => configOf(emit, { type: 'Alarm' })).toThrow();
  expect(() => configOf(emit, { subject: 'nobody' })).toThrow('subject:');
});

test('dates what has no time by when it was received, else by the clock', () => {
  const run = runStage(emit, {});
  const { time: _time, ...untimed } = position(0, 0, 0, { received: at(9) });
  const { received: _received, ...unheard } = untimed;
  run.push(untimed);
  run.push(unheard, 'in', Date.parse(at(20)));
  run.push({ ...untimed, time: 'soon' });
  expect(run.outputs).toMatchObject([
    { emission: { time: at(9) } },
    { emission: { time: at(20) } },
    { error: 'message.time' },
  ]);
});
