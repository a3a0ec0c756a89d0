import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { companion } from './companion.ts';
import { CompanionState } from './companion-state.ts';
import { stop } from './stop.ts';

const migrated = (value: unknown) => companion.migrate?.(value, 1);
const fixes = { ms: [1], lon: [2], lat: [3] };

test('companions take over what version 1 knew, and nothing that is none of it', () => {
  const mover = { id: 1, x: 1, y: 2, at: 3, cell: 4, before: 5, nats: 6, speed: 7, stretch: 8 };
  expect(migrated({ what: 'device', fixes, mover })).toEqual({ what: 'device', fixes });
  const turns = { what: 'turns', counts: [0, 1, 0, 0, 0, 0, 0, 0, 2] };
  expect(migrated(turns)).toEqual(turns);
  const pair = { what: 'pair', a: 'x', b: 'y', from: 1, last: 9, run: 3, together: 6, choices: 2, score: 4 };
  const old = { ...pair, cell: 12, sumM: 60, found: true };
  const state = migrated(old);
  expect(state).toEqual({ ...pair, sumM: 60, found: true, doing: 'apart', judged: 0, looks: 6 });
  expect(Value.Check(CompanionState, state)).toBe(true);
  expect(migrated({ what: 'device', fixes: {} })).toBeUndefined();
  expect(migrated(null)).toBeUndefined();
  expect(companion.migrate?.({ what: 'device', fixes }, 0)).toBeUndefined();
});

test('a stop of version 1 goes on where it was', () => {
  const known = { fromMs: 1, lastMs: 5, lon: 2, lat: 3, stopped: true, warned: false };
  const state = stop.migrate?.({ ...known, ms: 9 }, 1);
  expect(state).toEqual({ lastMs: 9, state: known, base: known, log: [], told: [], next: 0 });
  expect(Value.Check(stop.state ?? CompanionState, state)).toBe(true);
  expect(stop.migrate?.({ ...known, ms: '9' }, 1)).toBeUndefined();
  expect(stop.migrate?.({ ms: 9 }, 1)).toBeUndefined();
  expect(stop.migrate?.({ ...known, ms: 9 }, 0)).toBeUndefined();
});
