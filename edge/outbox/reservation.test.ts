import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openReservation } from './reservation.ts';

const folder = mkdtempSync(join(tmpdir(), 'reservation-'));
const file = join(folder, 'numbers');
afterEach(() => rmSync(file, { force: true }));

const now = () => Date.UTC(2026, 10, 26);
const open = (used: boolean) => openReservation(file, { box: 'b-1', used, now });

test('numbers are covered in strides, and the next process knows', () => {
  const first = open(false);
  expect([first.upto, first.given, first.damaged]).toEqual([0, false, undefined]);
  first.cover(1);
  expect(first.upto).toBe(10_000);
  first.cover(10_001);
  expect([open(true).upto, open(true).given]).toEqual([20_000, true]);
});

test('beside a database a file that is damaged is set aside, and numbers are guessed until the database has told its last', () => {
  writeFileSync(file, 'b-1 77 0000000000000000\n');
  const guessing = open(true);
  expect(guessing.upto).toBe(now());
  expect(readdirSync(folder).some((name) => name.startsWith('numbers.damaged-'))).toBe(true);
  // The database is whole and knows its last number, which is far below the guess: it holds from now on.
  guessing.cover(5);
  expect(guessing.upto).toBe(10_000);
  const next = open(true);
  expect([next.upto, next.damaged]).toEqual([10_000, undefined]);
});

test('the file of another box says nothing of this one', () => {
  openReservation(file, { box: 'b-2', used: false, now }).cover(123);
  expect([open(false).upto, open(false).given]).toEqual([0, false]);
});
