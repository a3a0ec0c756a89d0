import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runWeeks } from '../weeks.ts';
import { went } from './print.ts';

const run = (kills: number) =>
  runWeeks(
    { ships: 1, lotT: 200, seed: 3, kills, pictures: 4, json: false },
    { signal: new AbortController().signal, stderr: new PassThrough().resume() },
  );

test('a ship with a slug, a clean lot and a foreign body: each verdict right, nothing else alarms, and kills change nothing', async () => {
  const result = await run(4);
  expect(result.kills).toBeGreaterThanOrEqual(2);
  expect(result.rows.map(({ planted, outcome }) => [planted, outcome])).toEqual([
    ['20 t with 30 % mill scale', 'suspect'],
    ['nothing', 'clear'],
    [expect.stringMatching(/^foreign body: /), 'suspect'],
  ]);
  expect(went(result)).toBe(true);
  const quiet = await run(0);
  expect(quiet.kills).toBe(0);
  expect({ rows: quiet.rows, events: quiet.events, chars: quiet.chars }).toEqual({
    rows: result.rows,
    events: result.events,
    chars: result.chars,
  });
}, 120_000);
