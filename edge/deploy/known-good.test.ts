import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Release } from '#flows/wire';
import { KnownGood } from './known-good.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qw-good-'));
  mkdirSync(join(folder, 'release'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const release = (version: number): Release => ({
  kind: 'release',
  id: `r${version}`,
  version,
  box: 'b-1',
  issued: '2026-11-22T10:00:00.000Z',
  expires: '2027-11-22T10:00:00.000Z',
  flows: [],
  fenceSets: {},
  confirmLoss: [],
  signature: 'x',
});

/** A start of a process on the machine that has run since `boot`. */
const start = (version: number, boot = 'monday') => on(boot).begin(release(version)).inARow;
const on = (boot = 'monday', upMs = 0) => new KnownGood(folder, { boot, upMs: () => upMs });
const minutes = 60_000;

test('counts ends without a stop, each by a process of its own', () => {
  expect([start(1), start(1), start(1), start(1)]).toEqual([0, 1, 2, 3]);
});

test('a soft stop, a power cut, another release and a release that settled count anew', () => {
  start(1);
  expect(start(1)).toBe(1);
  on('monday').end();
  expect(start(1)).toBe(0);
  expect(start(1, 'tuesday')).toBe(0);
  expect(start(2, 'tuesday')).toBe(0);
  expect(start(2, 'tuesday')).toBe(1);
  on('tuesday').settle(release(2));
  expect(start(2, 'tuesday')).toBe(1);
});

test('keeps what ran healthily, and does not take again what was taken back', () => {
  const known = new KnownGood(folder);
  expect(known.good).toBeUndefined();
  known.settle(release(1));
  known.takeBack(release(2));
  expect(new KnownGood(folder).good).toEqual(release(1));
  expect(known.wasTakenBack(release(2))).toBe(true);
  expect(known.wasTakenBack(release(3))).toBe(false);
});

test('a damaged file is as if there were none', () => {
  writeFileSync(join(folder, 'release/starts.json'), '{"of":');
  writeFileSync(join(folder, 'release/good.json'), '\0\0');
  expect(start(1)).toBe(0);
  expect(new KnownGood(folder).good).toBeUndefined();
});

/** A process that starts and lets data through. */
function lives(version: number, upMs: number, boot = 'monday'): number {
  const { inAnHour } = on(boot, upMs).begin(release(version));
  on(boot, upMs).progressed(release(version));
  return inAnHour;
}

test('counts ends after data got through, of the last hour and of this release', () => {
  expect([0, 10, 20, 30].map((at) => lives(1, at * minutes))).toEqual([0, 1, 2, 3]);
  expect(lives(1, 75 * minutes)).toBe(3); // those at 20, 30 and now
  on('monday', 76 * minutes).renew(release(2));
  expect(lives(2, 76 * minutes)).toBe(0);
});

test('ends before data, ends of the machine and soft stops are none of those in an hour', () => {
  for (const _ of [1, 2, 3]) on('monday').begin(release(1));
  expect(lives(1, 1)).toBe(0);
  expect(lives(1, 0, 'tuesday')).toBe(0);
  on('tuesday').end();
  expect(lives(1, 1, 'tuesday')).toBe(0);
  expect(on('tuesday', 2).begin(release(1), false).inAnHour).toBe(0);
});

test('a release under which the box ended does not settle within the hour after', () => {
  lives(1, 0);
  lives(1, 5 * minutes);
  expect(on('monday', 50 * minutes).settle(release(1))).toBe(false);
  expect(on().good).toBeUndefined();
  expect(on('monday', 65 * minutes).settle(release(1))).toBe(true);
  expect(on().good).toEqual(release(1));
});

test('goes back to what settled before, and never again to what it went back from', () => {
  on().settle(release(1));
  on().settle(release(2));
  expect(on().goodInsteadOf(release(3))).toEqual(release(2));
  expect(on().goodInsteadOf(release(2))).toEqual(release(1));
  on().goBackTo(release(1));
  expect(on().good).toEqual(release(1));
  expect(on().goodInsteadOf(release(1))).toBeUndefined();
});
