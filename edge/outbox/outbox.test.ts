import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Priority } from '#flows/event';
import type { StateChange } from '#flows/runtime';
import { type Group, Outbox, type PendingEvent } from './outbox.ts';

let folder: string;
let open: Outbox[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  open = [];
});
afterEach(() => {
  for (const outbox of open) outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function openOutbox(maxBytes = 50_000_000, box = 'b-1'): Outbox {
  const outbox = new Outbox({
    folder,
    origin: { site: 'quay', box },
    maxBytes,
    now: () => 1_700_000_000_000,
  });
  open.push(outbox);
  return outbox;
}

function reopen(outbox: Outbox, maxBytes?: number): Outbox {
  outbox.close();
  open = open.filter((one) => one !== outbox);
  return openOutbox(maxBytes);
}

const event = (priority: Priority, n: number, pad = 0, type = 'quaywatch.test.seen'): PendingEvent => ({
  flow: { id: 'gate', hash: 'f'.repeat(64) },
  emission: {
    priority,
    type,
    subject: `s${n}`,
    time: '2026-11-22T10:00:00.000Z',
    data: { n, pad: 'x'.repeat(pad) },
    stage: 'out',
  },
});
const group = (events: PendingEvent[], rest: Partial<Group> = {}): Group => ({
  events,
  changes: [],
  errors: [],
  counters: new Map(),
  ...rest,
});
const all = (outbox: Outbox, priority: Priority) => outbox.read(priority, 0, 100_000, 100_000_000);
const sequences = (outbox: Outbox, priority: Priority) =>
  all(outbox, priority).events.map((text) => (JSON.parse(text) as { sequence: number }).sequence);
const change = (key: string, value: unknown): StateChange => ({
  node: 'fences',
  space: 'state',
  key,
  version: 1,
  value,
});

describe('events', () => {
  test('that correct one by its name say which, after a restart too, and only within their flow', () => {
    const named = (n: number, more: object, flow = 'gate'): PendingEvent => {
      const one = event('alarm', n);
      return { flow: { ...one.flow, id: flow }, emission: { ...one.emission, ...more } };
    };
    let outbox = openOutbox();
    outbox.commit(group([named(1, { name: 'a' }), named(2, { name: 'b', corrects: 'a' })]));
    outbox = reopen(outbox);
    outbox.commit(
      group([named(3, { corrects: 'b' }), named(4, { corrects: 'b' }, 'other'), named(5, { corrects: 'x' })]),
    );
    const texts = all(outbox, 'alarm').events.map((text) => JSON.parse(text) as { supersedes?: string });
    expect(texts.map(({ supersedes }) => supersedes)).toEqual([
      undefined,
      'b-1:1',
      'b-1:2',
      undefined,
      undefined,
    ]);
  });

  test('count over all priorities and name the one before of their own', () => {
    const outbox = openOutbox();
    outbox.commit(group([event('alarm', 1), event('telemetry', 2), event('alarm', 3)]));
    expect(sequences(outbox, 'alarm')).toEqual([1, 3]);
    const second = JSON.parse(all(outbox, 'alarm').events[1] as string);
    expect(second).toMatchObject({ id: 'b-1:3', previous: 1, box: 'b-1', site: 'quay', data: { n: 3 } });
  });

  test('are there after reopening, and numbering goes on', () => {
    let outbox = openOutbox();
    outbox.commit(group([event('verdict', 1), event('verdict', 2)]));
    outbox = reopen(outbox);
    outbox.commit(group([event('verdict', 3)]));
    expect(sequences(outbox, 'verdict')).toEqual([1, 2, 3]);
    expect(outbox.damage).toBeUndefined();
  });

  test('go when they are acknowledged, and their numbers are not used again', () => {
    let outbox = openOutbox();
    outbox.commit(group([event('alarm', 1), event('alarm', 2), event('alarm', 3)]));
    outbox.acknowledge('alarm', 2);
    outbox.settle();
    expect(sequences(outbox, 'alarm')).toEqual([3]);
    outbox.acknowledge('alarm', 3);
    outbox.settle();
    outbox = reopen(outbox);
    outbox.commit(group([event('alarm', 4)]));
    expect(JSON.parse(all(outbox, 'alarm').events[0] as string)).toMatchObject({ sequence: 4, previous: 3 });
    expect(outbox.acknowledged('alarm')).toBe(3);
  });

  test('are read in portions of bounded size, at least one', () => {
    const outbox = openOutbox();
    outbox.commit(group(Array.from({ length: 10 }, (_, n) => event('verdict', n, 1000))));
    expect(outbox.read('verdict', 0, 3, 1_000_000)).toMatchObject({ upto: 3 });
    expect(outbox.read('verdict', 3, 100, 10).events).toHaveLength(1);
    expect(outbox.read('verdict', 9, 100, 1_000_000).upto).toBe(10);
    expect(outbox.read('verdict', 10, 100, 1_000_000).events).toEqual([]);
  });

  test('of another box id are set aside and numbering begins anew', () => {
    const outbox = openOutbox();
    outbox.commit(group([event('alarm', 1)], { changes: [{ flow: 'f', entries: [change('a', 1)] }] }));
    outbox.close();
    open = [];
    const other = openOutbox(50_000_000, 'b-2');
    other.commit(group([event('alarm', 9)]));
    expect(JSON.parse(all(other, 'alarm').events[0] as string)).toMatchObject({ id: 'b-2:1', previous: 0 });
    expect(existsSync(join(folder, 'outbox-b-1.db'))).toBe(true);
  });

  test('of an id that was lost go on under the new one, each with the id that it had, and what was acknowledged does not', () => {
    const outbox = openOutbox();
    outbox.commit(group([event('alarm', 1), event('verdict', 2), event('alarm', 3), event('telemetry', 4)]));
    outbox.acknowledge('alarm', 1);
    outbox.settle();
    outbox.bury('telemetry', 4, 0, 'refused');
    outbox.close();
    open = [];
    const moved = () =>
      new Outbox({
        folder,
        origin: { site: 'other', box: 'b-2' },
        former: 'b-1',
        maxBytes: 50_000_000,
        now: () => 0,
      });
    moved().close();
    const other = moved(); // a second start finds it done
    open = [other];
    other.commit(group([event('alarm', 9)]));
    const alarms = all(other, 'alarm').events.map((text) => JSON.parse(text));
    expect(alarms).toMatchObject([
      { box: 'b-2', site: 'other', formerid: 'b-1:3', previous: 0, data: { n: 3 } },
      { box: 'b-2', previous: alarms[0].sequence, data: { n: 9 } },
    ]);
    expect(alarms[0].id).toBe(`b-2:${alarms[0].sequence}`);
    expect(alarms[0].source).toContain('/boxes/b-2/');
    expect(alarms[1].formerid).toBeUndefined();
    expect(JSON.parse(all(other, 'verdict').events[0] as string)).toMatchObject({ formerid: 'b-1:2' });
    expect(all(other, 'telemetry').tombstones).toMatchObject([{ count: 1, previous: 0, reason: 'refused' }]);
    expect(existsSync(join(folder, 'outbox-b-1.db'))).toBe(false);
  });
});

describe('state', () => {
  const reset = { document: { id: 'f' } };

  test('is restored with the last value of each key', () => {
    let outbox = openOutbox();
    outbox.commit(
      group([], { changes: [{ flow: 'f', entries: [change('a', 1), change('b', { x: 2 })], reset }] }),
    );
    outbox.commit(group([], { changes: [{ flow: 'f', entries: [change('a', 5), change('b', undefined)] }] }));
    outbox = reopen(outbox);
    expect(outbox.restore('f')).toEqual({ document: { id: 'f' }, entries: [change('a', 5)] });
    expect(outbox.restore('g')).toBeUndefined();
  });

  test('survives folding in the middle, resets and removal', () => {
    let outbox = openOutbox(1_000_000); // folds after 128 kB of journal
    const expected = new Map<string, unknown>();
    outbox.commit(group([], { changes: [{ flow: 'f', entries: [], reset }] }));
    for (let n = 0; n < 400; n++) {
      const entries = Array.from({ length: 20 }, (_, i) => {
        const key = `k${(n * 7 + i * 13) % 500}`;
        const value = (n + i) % 17 === 0 ? undefined : { n, pad: 'y'.repeat(50) };
        expected.set(key, value);
        return change(key, value);
      });
      const other = { flow: 'g', entries: [change(`o${n}`, n)], ...(n === 200 ? { reset } : {}) };
      outbox.commit(
        group([], {
          changes: [
            {
              flow: 'f',
              entries: [...new Map(entries.map((e) => [e.key, e])).values()].map((e) =>
                change(e.key, expected.get(e.key)),
              ),
            },
            other,
          ],
        }),
      );
      if (n % 97 === 0) outbox = reopen(outbox, 1_000_000);
    }
    outbox = reopen(outbox, 1_000_000);
    const restored = new Map(outbox.restore('f')?.entries.map(({ key, value }) => [key, value]));
    expect(restored).toEqual(new Map([...expected].filter(([, value]) => value !== undefined)));
    expect(
      outbox
        .restore('g')
        ?.entries.map(({ key }) => key)
        .sort(),
    ).toEqual(Array.from({ length: 200 }, (_, i) => `o${i + 200}`).sort());
    outbox.forget('g');
    expect(reopen(outbox, 1_000_000).restore('g')).toBeUndefined();
  });
});

describe('errors and counters', () => {
  test('are counted exactly and kept in part', () => {
    let outbox = openOutbox();
    const error = {
      node: 'map',
      code: 'expression.failed',
      detail: 'no such field',
      time: '2026-11-22T10:00:00.000Z',
      message: { kind: 'reading', quality: 'good', attributes: {}, name: 'x', value: 1, unit: '1' },
    } as const;
    const errors = Array.from({ length: 300 }, () => ({ flow: 'f', error }));
    outbox.commit(group([], { errors, counters: new Map([['refused.f/a', 4]]) }));
    outbox.commit(group([], { errors, counters: new Map([['refused.f/a', 3]]) }));
    outbox = reopen(outbox);
    expect(outbox.errors.counts()).toEqual([
      { flow: 'f', node: 'map', code: 'expression.failed', count: 600 },
    ]);
    expect(outbox.errors.newest(100)).toHaveLength(40);
    expect(outbox.counters().get('refused.f/a')).toBe(7);
  });
});

describe('disk budget', () => {
  const fill = (outbox: Outbox, priority: Priority, groups: number, type?: string) => {
    for (let n = 0; n < groups; n++) {
      outbox.commit(group(Array.from({ length: 10 }, (_, i) => event(priority, n * 10 + i, 2000, type))));
      if (outbox.full) return n;
    }
    return groups;
  };

  test('drops the oldest telemetry first and leaves one unbroken chain', () => {
    const outbox = openOutbox(1_000_000);
    outbox.commit(group([event('verdict', 0, 2000), event('alarm', 0, 2000)]));
    fill(outbox, 'telemetry', 100);
    const { events, tombstones } = all(outbox, 'telemetry');
    expect(tombstones).toHaveLength(1);
    const [tombstone] = tombstones;
    expect(tombstone).toMatchObject({ from: 3, previous: 0, reason: 'budget' });
    expect((tombstone?.count ?? 0) + events.length).toBe(1000);
    expect(JSON.parse(events[0] as string).previous).toBe(tombstone?.to);
    expect(sequences(outbox, 'verdict')).toEqual([1]);
    expect(outbox.full).toBe(false);
    expect(outbox.fill().bytes).toBeLessThanOrEqual(1_000_000);
    expect(outbox.counters().get('dropped.telemetry')).toBe(tombstone?.count);
  });

  test('never drops alarms nor seals: it is full, until the hub takes them', () => {
    const outbox = openOutbox(1_000_000);
    fill(outbox, 'telemetry', 10);
    outbox.commit(group([event('telemetry', 0, 10, 'quaywatch.seal.observed')]));
    fill(outbox, 'telemetry', 10);
    expect(fill(outbox, 'alarm', 100)).toBeLessThan(100);
    expect(outbox.full).toBe(true);
    const { events, tombstones } = all(outbox, 'telemetry');
    expect(events).toHaveLength(1);
    expect(tombstones.map(({ count }) => count)).toEqual([100, 100]);
    expect(JSON.parse(events[0] as string).previous).toBe(tombstones[0]?.to);
    expect(tombstones[1]?.previous).toBe(JSON.parse(events[0] as string).sequence);
    outbox.acknowledge('alarm', outbox.last('alarm'));
    outbox.settle();
    expect(outbox.full).toBe(false);
  });

  test('full is over only when a twentieth of the budget is free again', () => {
    const outbox = openOutbox(1_000_000);
    fill(outbox, 'alarm', 100);
    for (let upto = 1; outbox.full; upto++) {
      outbox.acknowledge('alarm', upto);
      outbox.settle();
    }
    expect(outbox.fill().bytes).toBeLessThanOrEqual(950_000);
    expect(outbox.fill().bytes).toBeGreaterThan(900_000);
  });

  test('spares what is on its way', () => {
    const outbox = openOutbox(1_000_000);
    fill(outbox, 'telemetry', 5);
    const sent = outbox.read('telemetry', 0, 20, 1_000_000);
    fill(outbox, 'telemetry', 100);
    const { events, tombstones } = outbox.read('telemetry', 0, 100_000, 100_000_000);
    expect(events.slice(0, 20)).toEqual(sent.events);
    expect(tombstones[0]?.previous).toBe(20);
  });

  test('the file stays within the budget and a group', () => {
    const outbox = openOutbox(1_000_000);
    fill(outbox, 'telemetry', 200);
    expect(readdirSync(folder).sort()).toContain('outbox.db');
    expect(outbox.fill().bytes).toBeLessThanOrEqual(1_000_000);
  });
});

test('state of which every group changes other keys does not grow the file for ever', () => {
  const outbox = openOutbox(20_000_000);
  const perGroup = 500;
  const kept = 2000;
  let most = 0;
  for (let n = 0; n < 300; n++) {
    const first = n * perGroup;
    const keys = Array.from({ length: perGroup }, (_, i) => change(`k${first + i}`, { n: first + i }));
    const old = Array.from({ length: perGroup }, (_, i) => change(`k${first - kept + i}`, undefined));
    const entries = n * perGroup < kept ? keys : [...keys, ...old];
    outbox.commit(group([], { changes: [{ flow: 'gate', entries }] }));
    most = Math.max(most, outbox.fill().bytes);
  }
  expect(most).toBeLessThan(3_500_000); // the changes are several times that
  const restored =
    reopen(outbox, 20_000_000)
      .restore('gate')
      ?.entries.map(({ key }) => key) ?? [];
  expect(new Set(restored)).toEqual(
    new Set(Array.from({ length: kept }, (_, i) => `k${300 * perGroup - kept + i}`)),
  );
}, 120_000);
