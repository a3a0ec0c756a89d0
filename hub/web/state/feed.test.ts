import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LiveMessage, ObjectState, StoredEvent } from '#hub/api/types';
import { digest } from './digest.ts';
import {
  arrive,
  catchUp,
  emptyFeed,
  firstPage,
  matches,
  maxRows,
  newerFirst,
  olderPage,
  release,
} from './feed.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
const stored = (n: number, atMs = n * 1000, more: object = {}): StoredEvent => ({
  position: n,
  stored: new Date(start + atMs).toISOString(),
  event: {
    specversion: '1.0',
    id: `b-1:${n}`,
    source: '/boxes/b-1/flows/f/out',
    type: 'quaywatch.fence.enter',
    subject: 'truck',
    time: new Date(start + atMs).toISOString(),
    data: {},
    site: 'quay',
    box: 'b-1',
    sequence: n,
    priority: 'alarm',
    previous: n - 1,
    flowhash: '00',
    ...more,
  },
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => stored(to - i));
const sequences = (rows: readonly StoredEvent[]) => rows.map((r) => r.event.sequence);

describe('the event list', () => {
  test('live events go on top; late ones to their place by time', () => {
    const feed = firstPage({ events: range(1, 3) });
    const after = arrive(feed, [stored(5, 5000), stored(4, 1500)], false);
    expect(sequences(after.rows)).toEqual([5, 3, 2, 4, 1]);
  });

  test('nothing moves under the eyes of a reader further down; it comes in when he returns', () => {
    const feed = arrive(firstPage({ events: range(1, 3) }), [stored(4)], true);
    expect([sequences(feed.rows), sequences(feed.held)]).toEqual([[3, 2, 1], [4]]);
    const back = release(feed);
    expect([sequences(back.rows), back.held]).toEqual([[4, 3, 2, 1], []]);
  });

  test('older pages follow and the last says that there is no more', () => {
    const feed = firstPage({ events: range(4, 6), next: 'x' });
    expect([feed.next, feed.complete]).toEqual(['x', false]);
    const all = olderPage(feed, { events: range(1, 3) });
    expect([sequences(all.rows), all.next, all.complete]).toEqual([[6, 5, 4, 3, 2, 1], undefined, true]);
  });

  test('a catch-up that reaches what is known joins it; one that does not starts over', () => {
    const feed = firstPage({ events: range(1, 5), next: 'old' });
    const joined = catchUp(feed, { events: range(4, 9), next: 'p' });
    expect([sequences(joined.rows), joined.next]).toEqual([[9, 8, 7, 6, 5, 4, 3, 2, 1], 'old']);
    const hole = catchUp(feed, { events: range(7, 9), next: 'p' });
    expect([sequences(hole.rows), hole.next]).toEqual([[9, 8, 7], 'p']);
  });

  test('stays bounded, and knows that older events are at the hub still', () => {
    const feed = firstPage({ events: range(1, maxRows) });
    expect(feed.complete).toBe(true);
    const more = arrive(feed, [stored(maxRows + 1)], false);
    expect(more.rows.length).toBeLessThanOrEqual(maxRows);
    expect([more.complete, more.next, more.rows[0]?.position]).toEqual([false, undefined, maxRows + 1]);
  });

  test('holds each event once and in order, however pages and stream overlap', () => {
    const part = fc.record({
      numbers: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 10 }),
      reading: fc.boolean(),
      how: fc.constantFrom('arrive' as const, 'older' as const, 'release' as const),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        let feed = { ...emptyFeed, status: 'ready' as const } as ReturnType<typeof release>;
        const given = new Set<number>();
        for (const { numbers, reading, how } of parts) {
          const events = numbers.map((n) => stored(n, (n % 7) * 1000));
          if (how === 'release') feed = release(feed);
          else {
            for (const n of numbers) given.add(n);
            feed = how === 'arrive' ? arrive(feed, events, reading) : olderPage(feed, { events });
          }
        }
        const all = release(feed).rows;
        expect(new Set(sequences(all))).toEqual(given);
        expect(all.length).toBe(given.size);
        expect([...all].sort(newerFirst)).toEqual(all);
      }),
    );
  });

  test('filters as the hub does', () => {
    const each = stored(1);
    const filters = { priorities: [] };
    expect(matches(each, filters)).toBe(true);
    expect(matches(each, { priorities: ['verdict'] })).toBe(false);
    expect(matches(each, { ...filters, type: 'quaywatch.fence.*' })).toBe(true);
    expect(matches(each, { ...filters, type: 'quaywatch.fence' })).toBe(false);
    expect(matches(each, { ...filters, site: 'yard' })).toBe(false);
    expect(matches(each, { ...filters, subject: 'truck', box: 'b-1' })).toBe(true);
  });
});

describe('a group of live messages', () => {
  const object = (time: string, lon: number): ObjectState => ({
    object: 'truck',
    kind: 'vehicle',
    box: 'b-1',
    site: 'quay',
    time,
    lon,
    lat: 34,
    quality: 'good',
    fences: [],
  });

  test('keeps the newest state of an object, whatever the order', () => {
    const messages: LiveMessage[] = [
      { kind: 'objects', objects: [object('2026-03-01T00:00:05Z', 2)] },
      { kind: 'objects', objects: [object('2026-03-01T00:00:04Z', 1)] },
    ];
    expect(digest(messages, 0).objects.get('truck')?.lon).toBe(2);
  });

  test('asks anew for what was skipped and for what was stored while the link was down', () => {
    const hello = (position: number): LiveMessage => ({
      kind: 'hello',
      time: '2026-03-01T00:00:00Z',
      position,
    });
    expect(digest([hello(7)], 7)).toMatchObject({ refetch: false, position: 7, time: start });
    expect(digest([hello(9)], 7)).toMatchObject({ refetch: true, position: 9 });
    expect(digest([hello(2)], 7).refetch).toBe(true); // another hub, or its store put back
    expect(
      digest(
        [
          { kind: 'skipped', events: 3 },
          { kind: 'skipped', events: 4 },
        ],
        7,
      ),
    ).toMatchObject({
      skipped: 7,
      refetch: true,
    });
    expect(digest([{ kind: 'event', event: stored(8) }], 7)).toMatchObject({ refetch: false, position: 8 });
  });
});
