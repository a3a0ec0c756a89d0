import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { softwareOf } from '#firmware-config/slots/layout';
import { confirmTrial, settling } from './settle.ts';

test('health that lasts reaches its goals once, sooner with data than without', () => {
  let now = 0;
  let healthy = true;
  let received = 0;
  const reached: number[] = [];
  const look = settling({
    healthy: () => healthy,
    received: () => received,
    monotonic: () => now,
    goals: [60, 600].map((afterMs) => ({ afterMs, reached: () => reached.push(now) })),
  });
  for (; now < 200; now += 10) look();
  expect(reached).toEqual([]);
  healthy = false;
  look();
  healthy = true;
  received = 1;
  for (; now < 1000; now += 10) look();
  expect(reached).toEqual([260, 800]);
});

test('a goal that cannot be carried out is tried again, and stops nothing', () => {
  let tries = 0;
  const reached = () => {
    tries += 1;
    if (tries < 3) throw new Error('the disk is full');
  };
  const look = settling({
    healthy: () => true,
    received: () => 1,
    monotonic: () => 0,
    goals: [{ afterMs: 0, reached }],
  });
  for (let n = 0; n < 10; n++) look();
  expect(tries).toBe(3);
});

test('the guard is told the id of the trial, and nothing where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qw-settle-'));
  try {
    confirmTrial(undefined, folder);
    confirmTrial(folder, folder);
    expect(() => readFileSync(join(folder, 'update/healthy'))).toThrow(/ENOENT/);
    writeFileSync(join(folder, 'trial'), 'b a 1 0 abc123\n');
    confirmTrial(folder, folder);
    expect(readFileSync(join(folder, 'update/healthy'), 'utf8')).toBe('abc123\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a file of a slot knows its software, and one of a checkout that it has none', () => {
  expect(softwareOf('/opt/quaywatch/slots/b/dist/edge/compose.js')).toBe('/opt/quaywatch');
  expect(softwareOf('/home/me/quaywatch/dist/edge/compose.js')).toBeUndefined();
});
