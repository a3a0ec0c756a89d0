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
const start = (version: number, boot = 'monday') => new KnownGood(folder, boot).begin(release(version));

test('counts ends without a stop, each by a process of its own', () => {
  expect([start(1), start(1), start(1), start(1)]).toEqual([0, 1, 2, 3]);
});

test('a soft stop, a power cut, another release and a release that settled count anew', () => {
  start(1);
  expect(start(1)).toBe(1);
  new KnownGood(folder, 'monday').end();
  expect(start(1)).toBe(0);
  expect(start(1, 'tuesday')).toBe(0);
  expect(start(2, 'tuesday')).toBe(0);
  expect(start(2, 'tuesday')).toBe(1);
  new KnownGood(folder, 'tuesday').settle(release(2));
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
