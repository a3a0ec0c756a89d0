import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Emission } from '#flows/event';
import { boxOutbox } from '#test/support/box-runner';
import { ClockDoubt } from '../time/doubt.ts';
import { BoxClock } from './clock.ts';
import { GroupCommit } from './group.ts';
import { Notices } from './notices.ts';

const day = Date.UTC(2026, 10, 26);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notices-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What one process says, on the disk that the one before it has left; it ends without a word. */
function life(work: (notices: Notices) => void): string[] {
  const outbox = boxOutbox(folder, 50_000_000);
  const said: Emission[] = [];
  const group = new GroupCommit({
    outbox,
    clock: new BoxClock(),
    groupMs: 2,
    groupMessages: 100,
    onBlocked: () => undefined,
    onCommit: (events) => said.push(...events.map(({ emission }) => emission)),
    onError: () => undefined,
  });
  work(
    new Notices({
      outbox,
      emit: (emission, changes) => group.notice(emission, undefined, changes),
      now: () => day,
    }),
  );
  group.close();
  outbox.close();
  return said.map(({ type, data }) => [type.replace('quaywatch.box.', ''), ...Object.values(data)].join(' '));
}

test('what a process leaves raised is cleared by the next that has no such trouble, and said anew by one that has', () => {
  expect(life((notices) => notices.set('lag', true, { lagMs: 7 }))).toEqual(['lag raised 7']);
  expect(
    life((notices) => {
      notices.set('lag', true, { lagMs: 8 });
      notices.set('lag', true, { lagMs: 9 });
    }),
  ).toEqual(['lag raised 8']);
  expect(
    life((notices) => {
      expect(notices.isRaised('lag')).toBe(true);
      notices.set('lag', false, { lagMs: 1 });
      notices.set('lag', false, { lagMs: 0 });
      expect(notices.isRaised('lag')).toBe(false);
    }),
  ).toEqual(['lag cleared 1']);
  expect(life((notices) => notices.set('lag', false, { lagMs: 0 }))).toEqual([]);
});

test.each([
  ['a process that ended', 'boot-1', 3_590_000],
  ['a start of the machine, after which nobody knows by how much', 'boot-2', undefined],
])('a clock that was off before %s is said to be right', (_, boot, movedMs) => {
  const bounds = { earliest: day - 3_600_000, latest: day * 2 };
  const before = new BoxClock({ wall: () => 0, monotonic: () => 0 }, bounds);
  const at = (upMs: number, of = 'boot-1') => ({ boot: of, upMs: () => upMs });
  life((notices) => {
    const { off, data, since } = new ClockDoubt(before, notices.left('clock'), at(1000)).look();
    expect(off).toBe(true);
    notices.set('clock', off, { ...data }, since);
  });
  const after = new BoxClock({ wall: () => day, monotonic: () => 0 }, bounds);
  const said = life((notices) => {
    const { off, data } = new ClockDoubt(after, notices.left('clock'), at(11_000, boot)).look();
    notices.set('clock', off, { ...data });
  });
  const moved = movedMs === undefined ? '' : ` ${movedMs}`;
  expect(said).toEqual([`clock cleared 2026-11-26T00:00:00.000Z${moved}`]);
});
