import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '#hub/api/types';
import { active } from './alarms-model.ts';
import { replacedBy, standing } from './replaced.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
const alarm = (n: number, before?: number, data: Record<string, unknown> = {}): StoredEvent => ({
  position: n,
  stored: new Date(start).toISOString(),
  event: {
    specversion: '1.0',
    id: `b-1:${n}`,
    source: '/boxes/b-1/flows/f/out',
    type: 'quaywatch.track.clone',
    subject: 'truck',
    time: new Date(start).toISOString(),
    data,
    site: 'quay',
    box: 'b-1',
    sequence: n,
    priority: 'alarm',
    previous: n - 1,
    flowhash: '00',
    ...(before !== undefined && { supersedes: `b-1:${before}` }),
  },
});
const sequences = (rows: readonly StoredEvent[]) => rows.map(({ event }) => event.sequence);

describe('alarms that late data changed', () => {
  test('a corrected alarm gives way to its correction, and that to the next one', () => {
    const rows = [alarm(4), alarm(3, 2), alarm(2, 1), alarm(1)];
    expect(sequences(standing(rows))).toEqual([4, 3]);
    expect([...replacedBy(rows)].map(([id, row]) => [id, row.event.sequence])).toEqual([
      ['b-1:2', 3],
      ['b-1:1', 3],
    ]);
  });

  test('a withdrawn alarm stands once, as withdrawn', () => {
    expect(sequences(standing([alarm(2, 1, { retracted: true }), alarm(1)]))).toEqual([2]);
  });

  test('a withdrawn alarm marks its object on the map no more', () => {
    expect(active([alarm(1)], start).objects).toEqual(new Set(['truck']));
    expect(active([alarm(2, 1, { retracted: true }), alarm(1)], start).objects).toEqual(new Set());
  });

  test('of any chains, forks and rings in any order what is corrected is gone, and nothing else', () => {
    const rows = fc
      .array(fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }), { minLength: 1, maxLength: 12 })
      .map((before) => before.map((b, i) => alarm(i + 1, b)));
    fc.assert(
      fc.property(rows, (all) => {
        const corrected = new Set(all.flatMap(({ event }) => event.supersedes ?? []));
        const left = standing(all);
        expect(left.every(({ event }) => !corrected.has(event.id))).toBe(true);
        expect(left.length).toBe(all.filter(({ event }) => !corrected.has(event.id)).length);
        expect(sequences(standing([...all].reverse())).sort()).toEqual(sequences(left).sort());
      }),
    );
  });
});
