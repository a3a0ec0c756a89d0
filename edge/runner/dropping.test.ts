import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event, Priority } from '#flows/event';
import { boxRunner } from '#test/support/box-runner';
import { until } from '#test/support/until';
import type { Outbox } from '../outbox/outbox.ts';
import { BoxClock } from './clock.ts';
import type { Runner } from './runner.ts';

let folder: string;
let outbox: Outbox;
let runner: Runner;
let monotonic = 0;

function open(): void {
  const clock = new BoxClock({ wall: () => Date.now(), monotonic: () => performance.now() + monotonic });
  ({ outbox, runner } = boxRunner(folder, 1_000_000, clock));
}
async function close(): Promise<void> {
  await runner.stop();
  outbox.close();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropping-'));
  monotonic = 0;
  open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

function fill(priority: Priority, count: number): void {
  const events = Array.from({ length: count }, (_, n) => ({
    flow: { id: 'f', hash: 'h' },
    emission: {
      priority,
      type: 't',
      time: '2026-11-22T10:00:00.000Z',
      data: { n, pad: 'x'.repeat(1000) },
      stage: 'out',
    },
  }));
  outbox.commit({ events, changes: [], errors: [], counters: new Map() });
}

const told = () =>
  outbox
    .read('alarm', 0, 1000, 1e8)
    .events.map((text) => JSON.parse(text) as Event)
    .filter(({ type }) => type === 'quaywatch.box.dropping')
    .map(({ data }) => data);

test('dropping is told when it begins, with how much, and when it is over', async () => {
  fill('telemetry', 200);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(told()).toEqual([]); // all of it has room
  for (let n = 0; n < 7; n++) fill('telemetry', 200);
  await until('it says so', () => told().length > 0);
  const dropped = Number(told()[0]?.telemetry);
  expect(told()).toEqual([{ state: 'raised', telemetry: dropped, verdict: 0 }]);
  const { events, tombstones } = outbox.read('telemetry', 0, 10_000, 1e8);
  expect(events.length + dropped).toBe(1600);
  expect(tombstones.reduce((sum, { count }) => sum + count, 0)).toBe(dropped);
  // Nothing more is dropped for a minute.
  monotonic = 61_000;
  await until('it is over', () => told().length > 1);
  expect(told()[1]).toEqual({ state: 'cleared', telemetry: dropped, verdict: 0 });
});

test('a box that finds drops of its last life says nothing of them', async () => {
  for (let n = 0; n < 8; n++) fill('telemetry', 200);
  const before = outbox.counters().get('dropped.telemetry');
  expect(before).toBeGreaterThan(0);
  await close();
  open();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(told()).toEqual([]);
});
