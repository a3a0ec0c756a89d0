import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Priority, priorities } from '#flows/event';
import { Outbox, type PendingEvent } from './outbox.ts';
import { Reserve } from './reserve.ts';

const mega = 1_000_000;
let folder: string;
let mounted = false;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reserve-'));
});
afterEach(() => {
  if (mounted) execFileSync('umount', ['-l', folder]);
  mounted = false;
  rmSync(folder, { recursive: true, force: true });
});

/** A disk of its own that is soon full; false where this user may not mount one. */
function mount(megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    mounted = true;
  } catch {
    mounted = false;
  }
  return mounted;
}

const events = (priority: Priority, count: number): PendingEvent[] =>
  Array.from({ length: count }, (_, n) => ({
    flow: { id: 'f', hash: 'h' },
    emission: {
      priority,
      type: 't',
      time: '2026-11-22T10:00:00.000Z',
      data: { n, pad: 'x'.repeat(2000) },
      stage: 'out',
    },
  }));
const commit = (outbox: Outbox, priority: Priority, count: number) =>
  outbox.commit({ events: events(priority, count), changes: [], errors: [], counters: new Map() });

describe('the reserve', () => {
  const open = (free: () => number) =>
    new Reserve({
      file: join(folder, 'reserve'),
      bytes: 3 * mega,
      stopFreeBytes: 10 * mega,
      resumeFreeBytes: 15 * mega,
      free,
    });

  test('is taken at the first start, in blocks that are there', () => {
    const reserve = open(() => 100 * mega);
    expect(reserve.bytes).toBe(3 * mega);
    const { size, blocks } = statSync(join(folder, 'reserve'));
    expect(size).toBe(3 * mega);
    expect(blocks * 512).toBeGreaterThanOrEqual(3 * mega);
    expect(open(() => 0).bytes).toBe(3 * mega);
  });

  test('is given up once, and taken again piece by piece when there is room', () => {
    let free = 100 * mega;
    const reserve = open(() => free);
    expect(reserve.release()).toBe(true);
    expect(reserve.release()).toBe(false);
    expect(existsSync(join(folder, 'reserve'))).toBe(false);
    free = 16 * mega;
    reserve.look();
    expect(reserve.bytes).toBe(0); // with it there would be less than the mark
    free = 100 * mega;
    reserve.look();
    expect(reserve.bytes).toBeLessThan(3 * mega);
    for (let i = 0; i < 5; i++) reserve.look();
    expect(reserve.bytes).toBe(3 * mega);
  });

  test('has two marks: what is between them changes nothing', () => {
    let free = 12 * mega;
    const reserve = open(() => free);
    const low = (bytes: number) => {
      free = bytes;
      reserve.look();
      return reserve.low;
    };
    expect(low(12 * mega)).toBe(false);
    expect(low(9 * mega)).toBe(true);
    expect(low(12 * mega)).toBe(true);
    expect(low(15 * mega)).toBe(false);
    expect(low(12 * mega)).toBe(false);
  });
});

describe('an outbox', () => {
  const open = (free: (() => number) | undefined, reserveBytes: number, stop: number) =>
    new Outbox({
      folder,
      origin: { site: 's', box: 'b' },
      maxBytes: 1000 * mega,
      now: () => 0,
      reserve: {
        bytes: reserveBytes,
        stopFreeBytes: stop,
        resumeFreeBytes: stop * 1.5,
        ...(free ? { free } : {}),
      },
    });

  test('does not grow on a disk that is nearly full: telemetry goes, alarms stay, and it grows again later', () => {
    let free = 100 * mega;
    const outbox = open(() => free, 0, 10 * mega);
    commit(outbox, 'telemetry', 500);
    free = 5 * mega;
    const before = outbox.fill().bytes;
    for (let i = 0; i < 20; i++) commit(outbox, 'alarm', 20);
    expect(outbox.fill().pending.alarm).toBe(400);
    expect(outbox.fill().pending.telemetry).toBeLessThan(200);
    expect(outbox.fill().bytes).toBeLessThan(before * 1.2);
    expect(outbox.counters().get('dropped.telemetry')).toBe(500 - outbox.fill().pending.telemetry);
    const [tombstone] = outbox.read('telemetry', 0, 1000, 1e9).tombstones;
    expect(tombstone).toMatchObject({ reason: 'budget', count: 500 - outbox.fill().pending.telemetry });
    free = 100 * mega;
    commit(outbox, 'telemetry', 300);
    expect(outbox.fill().pending.telemetry).toBeGreaterThan(300);
    expect(outbox.full).toBe(false);
    outbox.close();
  });

  test('writes what it must on a disk that others have filled, out of its reserve; then it says that it cannot', (context) => {
    if (!mount(12)) return context.skip('this user may not mount a disk');
    const outbox = open(undefined, 4 * mega, 0);
    commit(outbox, 'alarm', 10);
    expect(statSync(join(folder, 'reserve')).size).toBe(4 * mega);
    try {
      writeFileSync(join(folder, 'others'), Buffer.alloc(100 * mega));
    } catch {
      // that is what filled it
    }
    let written = 10;
    expect(() => {
      for (; written < 10_000; written += 10) commit(outbox, 'alarm', 10);
    }).toThrow(/full|space/);
    expect(written).toBeGreaterThan(500);
    expect(existsSync(join(folder, 'reserve'))).toBe(false);
    rmSync(join(folder, 'others'));
    commit(outbox, 'alarm', 10);
    outbox.close();
    const again = open(undefined, 4 * mega, 0);
    expect(again.damage).toBeUndefined();
    expect(again.fill().pending.alarm).toBe(written + 10);
    expect(priorities.map((priority) => again.last(priority))).toEqual([written + 10, 0, 0]);
    again.close();
    return undefined;
  });
});
