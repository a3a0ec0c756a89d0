import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cursor, type CursorAction, momentOf, moveCursor } from './cursor.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const past = (at: number, more: object = {}): Cursor => ({
  mode: 'past',
  at,
  playing: false,
  speed: 1,
  ...more,
});

describe('the time cursor', () => {
  test('goes to a moment and stands still there', () => {
    expect(moveCursor({ mode: 'live' }, { kind: 'go', at: now - 60_000 }, { now })).toEqual(
      past(now - 60_000),
    );
  });

  test('the present is live, from wherever it is reached', () => {
    expect(moveCursor(past(now - 5000), { kind: 'go', at: now + 5000 }, { now })).toEqual({ mode: 'live' });
    const playing = past(now - 2000, { playing: true, speed: 60 });
    expect(moveCursor(playing, { kind: 'elapsed', ms: 200 }, { now })).toEqual({ mode: 'live' });
  });

  test('plays by elapsed time and speed, and only while playing', () => {
    const playing = past(now - 600_000, { playing: true, speed: 20 });
    expect(momentOf(moveCursor(playing, { kind: 'elapsed', ms: 500 }, { now }), now)).toBe(now - 590_000);
    const paused = past(now - 600_000);
    expect(moveCursor(paused, { kind: 'elapsed', ms: 500 }, { now })).toBe(paused);
  });

  test('keeps speed and playing while it is dragged', () => {
    const playing = past(now - 600_000, { playing: true, speed: 20 });
    expect(moveCursor(playing, { kind: 'go', at: now - 50_000 }, { now })).toEqual(
      past(now - 50_000, { playing: true, speed: 20 }),
    );
  });

  test('a step from live goes back, paused; pause of live freezes the present', () => {
    expect(moveCursor({ mode: 'live' }, { kind: 'step', byMs: -10_000 }, { now })).toEqual(
      past(now - 10_000),
    );
    expect(moveCursor({ mode: 'live' }, { kind: 'toggle' }, { now })).toEqual(past(now - 2000));
  });

  test('never leaves what the hub holds, and never passes the present', () => {
    const from = now - 3_600_000;
    const action = fc.oneof(
      fc.record({ kind: fc.constant('go' as const), at: fc.integer({ min: 0, max: now * 2 }) }),
      fc.record({ kind: fc.constant('step' as const), byMs: fc.integer({ min: -9e7, max: 9e7 }) }),
      fc.record({ kind: fc.constantFrom('live', 'play', 'pause', 'toggle') }),
      fc.record({ kind: fc.constant('speed' as const), speed: fc.constantFrom(1, 60, 300) }),
      fc.record({ kind: fc.constant('elapsed' as const), ms: fc.integer({ min: 0, max: 5000 }) }),
    ) as fc.Arbitrary<CursorAction>;
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        let cursor: Cursor = { mode: 'live' };
        for (const each of actions) {
          cursor = moveCursor(cursor, each, { now, from });
          const at = momentOf(cursor, now);
          expect(at).toBeGreaterThanOrEqual(from);
          expect(at).toBeLessThanOrEqual(now);
        }
      }),
    );
  });

  test('a moment that is no number changes nothing', () => {
    const cursor = past(now - 5000);
    expect(moveCursor(cursor, { kind: 'go', at: Number.NaN }, { now })).toBe(cursor);
  });
});
