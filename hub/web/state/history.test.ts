import { expect, test } from 'vitest';
import type { Status } from '#hub/api/types';
import { appendSample, maxSamples } from './history.ts';

const status = (second: number, received: number): Status => ({
  kind: 'status',
  box: 'b-1',
  site: 'quay',
  name: 'gate',
  time: new Date(second * 1000).toISOString(),
  uptimeS: second,
  version: '1',
  outbox: { pending: { alarm: 1, telemetry: 4 }, bytes: 10, full: false },
  flows: [{ id: 'f', version: 1, hash: '0', state: 'running', received, emitted: 0, failed: 0, dropped: 0 }],
  devices: [],
  rssBytes: 1,
  lagMs: 3,
});

test('rates are per second since the sample before, and none across a restart', () => {
  let samples = appendSample(undefined, status(0, 100));
  samples = appendSample(samples, status(5, 150));
  samples = appendSample(samples, status(10, 20));
  samples = appendSample(samples, status(12, 40));
  expect(samples.map((s) => s.receivedRate)).toEqual([0, 10, 0, 10]);
  expect(samples[0]?.pending).toBe(5);
});

test('the same or an older status changes nothing, and the history is bounded', () => {
  let samples = appendSample(undefined, status(0, 0));
  expect(appendSample(samples, status(0, 5))).toBe(samples);
  for (let i = 1; i < 500; i++) samples = appendSample(samples, status(i, i));
  expect(samples).toHaveLength(maxSamples);
  expect(samples.at(-1)?.time).toBe(499_000);
});
