import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tlsFiles } from '#test/support/tls-files';
import { KnownTime } from './known-time.ts';

const day = Date.parse('2026-11-26T00:00:00Z');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'time-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was known last is known to the next process', () => {
  const known = new KnownTime(folder);
  expect(known.earliest).toBe(0);
  known.note(day);
  known.note(day + 1000); // not written: it would be a write a second for ever
  const written = readFileSync(join(folder, 'time'), 'utf8');
  expect(written).toMatch(/^2026-11-26T00:00:00.000Z [0-9a-f]{16}\n$/);
  expect(new KnownTime(folder).earliest).toBe(day);
  known.note(day + 700_000);
  expect(new KnownTime(folder).earliest).toBe(day + 700_000);
  // A wrong digit that still makes a time: it would doubt every right clock.
  writeFileSync(join(folder, 'time'), written.replace('2026', '2036'));
  expect(new KnownTime(folder).earliest).toBe(0);
});

test('who knew the time wrongly once is not held to it', () => {
  const known = new KnownTime(folder);
  known.note(day + 10 * 365 * 86_400_000);
  known.note(day);
  expect(known.earliest).toBe(day);
  expect(new KnownTime(folder).earliest).toBe(day);
});

test('an enrolled box knows more: when its certificate was made, and how long its hub can be trusted', async () => {
  const certificate = readFileSync((await tlsFiles(folder)).authority, 'utf8');
  const known = new KnownTime(folder, { certificate, authority: certificate });
  expect(Math.abs(known.earliest - (Date.now() - 3_600_000))).toBeLessThan(60_000);
  expect(known.latest - Date.now()).toBeGreaterThan(19 * 365 * 86_400_000);
  new KnownTime(folder).note(Date.UTC(2099, 0, 1)); // by a box that did not know how long
  expect(new KnownTime(folder, { certificate, authority: certificate }).earliest).toBe(known.earliest);
});

test.each(['', 'soon', '\0\0\0'])('a file that says %j says nothing', (text) => {
  writeFileSync(join(folder, 'time'), text);
  expect(new KnownTime(folder).earliest).toBe(0);
});
