import { expect, test } from 'vitest';
import type { EventDraft } from '#flows/message';
import { atMs, position } from '#test/support/messages';
import { runStage } from '#test/support/stage-harness';
import { hygiene } from './hygiene.ts';

type Fix = readonly [device: string, seconds: number, lon: number, lat: number];

/** Devices of each shared place that is told of. */
function told(sharedDevices: number, fixes: readonly Fix[]): unknown[] {
  const run = runStage(hygiene, { sharedDevices });
  for (const [device, seconds, lon, lat] of fixes)
    run.push(position(seconds, lon, lat, { device }), 'in', atMs(1000));
  return run
    .port('out')
    .filter((one): one is EventDraft => one.kind === 'event' && one.data.reason === 'place')
    .map(({ data }) => data.devices);
}
const place = [103.5, 1.25] as const;

test('tells once of so many devices at one place, by their names in order', () => {
  const fixes: Fix[] = [
    ['c', 0, ...place],
    ['a', 1, ...place],
    ['a', 2, ...place],
    ['b', 2.5, 103.5, 1.250001],
    ['b', 3, ...place],
    ['b', 4, ...place],
    ['d', 4, ...place],
  ];
  expect(told(3, fixes.slice(0, 4))).toEqual([]);
  expect(told(3, fixes)).toEqual([['a', 'b', 'c']]);
});

test('who was there long ago does not count, whichever way time goes', () => {
  expect(
    told(2, [
      ['a', 100, ...place],
      ['b', 160.001, ...place],
      ['c', 39, ...place],
    ]),
  ).toEqual([]);
  expect(
    told(2, [
      ['a', 100, ...place],
      ['c', 41, ...place],
    ]),
  ).toEqual([['a', 'c']]);
});

test('places that look alike to the index are two, and a place is remembered among thousands', () => {
  expect(
    told(2, [
      ['a', 0, 0, 64],
      ['b', 0, 0.125, -64],
    ]),
  ).toEqual([]);
  const many = Array.from({ length: 5000 }, (_, i): Fix => [`x${i}`, 1, i / 100, 2]);
  expect(told(2, [['a', 0, ...place], ...many, ['b', 2, ...place]])).toEqual([['a', 'b']]);
});

test('one that stands there for long is one', () => {
  const parked = Array.from({ length: 100 }, (_, i): Fix => ['a', 5 * i, ...place]);
  expect(told(2, [...parked, ['b', 495, ...place]])).toEqual([['a', 'b']]);
});
