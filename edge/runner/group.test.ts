import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Emission } from '#flows/event';
import type { StateChange } from '#flows/runtime';
import { until } from '#test/support/quaywatch';
import { faults } from '../faults.ts';
import { type Group, Outbox } from '../outbox/outbox.ts';
import { BoxClock } from './clock.ts';
import { type Contributor, GroupCommit } from './group.ts';

/** A disk that can be made to fail, under a real outbox. */
class FailingOutbox extends Outbox {
  failing = false;
  commits = 0;
  override commit(group: Group): void {
    if (this.failing) throw faults.fault('outbox.write', { detail: 'no space left on device' });
    this.commits += 1;
    super.commit(group);
  }
}

let folder: string;
let outbox: FailingOutbox;
let group: GroupCommit;
let blocked: boolean[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'group-'));
  outbox = new FailingOutbox({
    folder,
    origin: { site: 's', box: 'b' },
    maxBytes: 1_000_000,
    now: () => 0,
    traceparent: () => 'tp',
  });
  blocked = [];
  group = new GroupCommit({
    outbox,
    clock: new BoxClock(),
    groupMs: 5,
    groupMessages: 100,
    onBlocked: (is) => blocked.push(is),
    onError: () => undefined,
  });
});
afterEach(() => {
  group.close();
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const flow = { id: 'f', hash: 'h' };
const emission = (n: number, pad = 0): Emission => ({
  priority: 'alarm',
  type: 't',
  time: '2026-11-22T10:00:00.000Z',
  data: { n, pad: 'x'.repeat(pad) },
  stage: 'out',
});

/** A flow that counts its messages in its state. */
function counter(): Contributor & { value: number } {
  let told = 0;
  return {
    identity: flow,
    value: 0,
    changes(): StateChange[] {
      if (told === this.value) return [];
      told = this.value;
      return [{ node: 'n', space: 'state', key: 'count', version: 1, value: this.value }];
    },
  };
}

function message(contributor: ReturnType<typeof counter>, n: number, committed: () => void, pad = 0): void {
  contributor.value += 1;
  group.emit(flow, emission(n, pad));
  group.taken(contributor, committed);
}

test('many messages are one commit, acknowledged in order after it', async () => {
  const source = counter();
  const answered: number[] = [];
  for (let n = 0; n < 50; n++) {
    message(source, n, () => {
      expect(outbox.sequence).toBe(50);
      answered.push(n);
    });
  }
  expect(answered).toEqual([]);
  await until(() => answered.length === 50);
  expect(answered).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(outbox.commits).toBe(1);
});

test('a full group is committed at the end of the turn that filled it: what one delivery says stays together', async () => {
  const source = counter();
  let answered = 0;
  for (let n = 0; n < 100; n++) {
    message(source, n, () => {
      answered += 1;
    });
  }
  expect(answered).toBe(0);
  await Promise.resolve();
  expect(answered).toBe(100);
  expect(outbox.commits).toBe(1);
});

test('while the disk fails nothing is acknowledged; then all of it is there, once', async () => {
  const source = counter();
  let answered = 0;
  outbox.failing = true;
  message(source, 0, () => {
    answered += 1;
  });
  await until(() => group.blocked);
  expect(group.problem?.code).toBe('outbox.write');
  message(source, 1, () => {
    answered += 1;
  });
  expect(group.commit()).toBe(false);
  expect(answered).toBe(0);
  expect(outbox.sequence).toBe(0);
  outbox.failing = false;
  await until(() => answered === 2); // it tries again by itself
  expect(blocked).toEqual([true, false]);
  expect(outbox.read('alarm', 0, 10, 1e6).events).toHaveLength(2);
  expect(outbox.restore('f')?.entries).toMatchObject([{ key: 'count', value: 2 }]);
});

test('a full outbox blocks until the hub has taken what waits; its own notice is written', async () => {
  const source = counter();
  let answered = 0;
  let n = 0;
  while (!group.blocked) {
    message(
      source,
      n++,
      () => {
        answered += 1;
      },
      20_000,
    );
    group.commit();
  }
  const before = answered;
  message(source, n++, () => {
    answered += 1;
  });
  group.commit();
  expect(answered).toBe(before);
  group.notice({ ...emission(0), type: 'quaywatch.box.full' });
  expect(outbox.read('alarm', 0, 1000, 1e9).events.at(-1)).toContain('quaywatch.box.full');
  outbox.acknowledge('alarm', outbox.last('alarm'));
  outbox.settle();
  await until(() => answered === before + 1);
  expect(blocked).toEqual([true, false]);
});

test('an acknowledgement that throws is one source’s fault', async () => {
  const source = counter();
  let answered = 0;
  message(source, 0, () => {
    throw new Error('the source is broken');
  });
  message(source, 1, () => {
    answered += 1;
  });
  await until(() => answered === 1);
});
