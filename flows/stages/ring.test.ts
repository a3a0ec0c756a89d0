import { expect, test } from 'vitest';
import { atMs, position } from '#test/support/messages';
import { metre as m } from '#test/support/roads';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { ring } from './ring.ts';

const speedMs = 16;
/** A fix each ten seconds on a circle of 100 m, as off Shanghai; `lost` of them do not come. */
const round = (from: number, to: number, lost: (i: number) => boolean = () => false) =>
  Array.from({ length: to - from }, (_, k) => from + k)
    .filter((i) => !lost(i))
    .map((i) => {
      const angle = (i * 10 * speedMs) / 100;
      return position(10 * i, 100 * Math.cos(angle) * m, 100 * Math.sin(angle) * m, { speedKph: 57 });
    });
const straight = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, k) =>
    position(10 * (from + k), (1000 + 160 * k) * m, 0, { speedKph: 57 }),
  );

function told(messages: readonly ReturnType<typeof position>[]) {
  const run = runStage(ring, {});
  for (const message of messages) run.push(message);
  return run.port('out').flatMap((one) => (one.kind === 'event' ? [one.data.reason] : []));
}

test('a circle is told of once, also while fixes of it are missing', () => {
  expect(told(round(0, 60))).toEqual(['circle']);
  // in stretches the fixes that come lie on one side of it
  const lost = (i: number) => i > 25 && i < 45 && i % 4 !== 0;
  expect(told(round(0, 90, lost))).toEqual(['circle']);
});

test('who has left it and comes back is told of again', () => {
  expect(told([...round(0, 30), ...straight(30, 60), ...round(60, 90)])).toEqual(['circle', 'circle']);
});

test('a restart at any point leaves the same', () => {
  const steps = round(0, 70, (i) => i % 7 === 3).map((message, i): Step => ({ message, atMs: atMs(10 * i) }));
  const whole = outputsOf(ring, {}, steps);
  expect(whole).toHaveLength(1);
  for (const cut of [3, 9, 12, 30]) expect(outputsOf(ring, {}, steps, [cut])).toEqual(whole);
});
