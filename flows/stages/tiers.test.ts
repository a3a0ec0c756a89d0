import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import { metre as m } from '#test/support/roads';
import { runStage, type StageRun } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { encounter } from './encounter.ts';
import { separation } from './separation.ts';

const fix = (device: string, seconds: number, x: number, y: number, more: object = {}) =>
  position(seconds, x * m, y * m, { device, ...more });

/** A seal that changes trucks, or stays behind, and fixes of trucks that are missing here and there. */
const seals = fc
  .tuple(fc.integer({ min: 8, max: 20 }), fc.nat(60), fc.boolean(), fc.array(fc.nat(40), { maxLength: 12 }))
  .map(([change, gone, goesOn, missing]): Message[] =>
    Array.from({ length: 24 }, (_, i): Message[] => {
      const s = 10 * i;
      const after = Math.max(0, s - 10 * change);
      const [x, y] = [10 * (s - after), goesOn ? 10 * after : 0];
      const seal = fix('s1', s + 2, x, y, { attributes: { seal: true } });
      const trucks = [fix('a', s, 10 * s, 0), fix('b', s + 1, x + 8, goesOn ? y : -400)];
      return [...trucks.filter((_one, k) => !missing.includes(i - k)), ...(i === gone ? [] : [seal])];
    }).flat(),
  );

/** Two ships that come together for a while, drift, and are heard now and then; one says another name. */
const ships = fc
  .array(
    fc.tuple(fc.constantFrom(100, 150, 450, 900, 30_000), fc.constantFrom(5, 9, 10, 30, 90), fc.nat(9)),
    {
      minLength: 4,
      maxLength: 12,
    },
  )
  .map((list): Message[] => {
    let minutes = 0;
    return list.flatMap(([apart, took, says], i): Message[] => {
      minutes += took;
      const s = 60 * minutes;
      const identity: Message = {
        kind: 'identity',
        device: says % 2 === 0 ? 'a' : 'b',
        time: at(s + 3),
        quality: 'good',
        attributes: {},
        callsign: says < 3 ? 'AAA' : 'BBB',
      };
      const fixes = [fix('a', s, 2 * i, 0), fix('b', s + 5, apart, 3 * i)];
      return says < 5 ? [...fixes, identity] : fixes;
    });
  });

const cases = [
  ['separation', separation, { fixes: 2, latenessSeconds: 3600 }, seals],
  [
    'encounter',
    encounter,
    { preset: 'starboard', loiterHours: 2, gapHours: 1, latenessSeconds: 86_400 },
    ships,
  ],
] as const;

describe('what is judged of many objects together', () => {
  test.each(cases)(
    '%s: leaves the same events standing in any order of arrival',
    (_, kind, config, stories) => {
      const stage = kind as typeof separation;
      const whole = stories.chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.array(fc.nat(4000), { minLength: list.length, maxLength: list.length }),
          fc.nat(list.length),
        ),
      );
      let most = 0;
      fc.assert(
        fc.property(whole, ([list, delays, cut]) => {
          const last = Math.max(...list.map(({ time }) => Date.parse(time ?? '')));
          const end = last + 10_000;
          const inOrder = runStage(stage, config);
          for (const message of list) inOrder.push(message, 'in', end);
          inOrder.flush();
          const shuffled = list
            .map((message, i) => ({ message, due: 10 * i + (i % 3 === 0 ? (delays[i] ?? 0) : 0) }))
            .sort((a, b) => a.due - b.due);
          let run = runStage(stage, config);
          const parts = [run];
          shuffled.forEach(({ message }, i) => {
            if (i === cut) {
              run = runStage(stage, config, { from: run.checkpoint() });
              parts.push(run);
            }
            run.push(message, 'in', end + 400 * i);
          });
          run.flush();
          const told = standing(parts.flatMap((part) => part.port('out')));
          expect(parts.flatMap((part) => part.port('late'))).toEqual([]);
          expect(told).toEqual(standing(inOrder.port('out')));
          most = Math.max(most, told.length);
        }),
        { numRuns: 12 },
      );
      expect(most).toBeGreaterThan(0);
    },
  );

  const story = (from: number, to: number, of: (s: number) => Message[]) =>
    Array.from({ length: Math.floor((to - from) / 60) + 1 }, (_, i) => of(from + 60 * i)).flat();
  const config = { preset: 'starboardClose', latenessSeconds: 7200 };
  const pushAll = (run: StageRun, list: readonly Message[], clock: number) => {
    for (const message of list) run.push(message, 'in', clock);
  };

  test('what is on time is told without waiting for what may be late, and once', () => {
    const run = runStage(encounter, config);
    pushAll(
      run,
      story(0, 2400, (s) => [fix('a', s, 0, 0), fix('b', s, 30, 0)]),
      atMs(2400),
    );
    expect(run.port('out')).toMatchObject([{ type: 'quaywatch.track.encounter', subject: 'a+b' }]);
    pushAll(
      run,
      story(2460, 8000, (s) => [fix('a', s, 0, 0), fix('b', s, 30, 0)]),
      atMs(8000),
    );
    run.flush();
    expect(
      run.port('out').filter((one) => 'type' in one && one.type === 'quaywatch.track.encounter'),
    ).toHaveLength(1);
  });

  test('what was heard late is told at once, and takes back what it shows to be wrong', () => {
    const run = runStage(encounter, config);
    // the second ship is in a blind area
    pushAll(
      run,
      story(0, 3000, (s) => [fix('a', s, 0, 0)]),
      atMs(3000),
    );
    expect(run.port('out')).toEqual([]);
    pushAll(
      run,
      story(0, 1200, (s) => [fix('b', s, 30, 0)]),
      atMs(3001),
    );
    run.advance(atMs(3003));
    expect(run.port('out')).toMatchObject([{ type: 'quaywatch.track.encounter', subject: 'a+b' }]);
    // and later it turns out that it went away in between
    const [encountered] = run.port('out') as EventDraft[];
    pushAll(
      run,
      story(30, 1170, (s) => [fix('b', s, s % 120 === 30 ? 30 : 3000, 0)]),
      atMs(3010),
    );
    run.advance(atMs(3012));
    expect(run.port('out').slice(1)).toMatchObject([
      { type: 'quaywatch.track.encounter', corrects: encountered?.name, data: { retracted: true } },
    ]);
    expect(standing(run.port('out'))).toEqual([]);
  });

  test('a late fix counts too when it lies behind what was told, between what it was judged by', () => {
    const run = runStage(encounter, config);
    const silent = (s: number) => s > 1980 && s < 3000;
    const both = (s: number) => [fix('a', s, 0, 0), ...(silent(s) ? [] : [fix('b', s, 30, 0)])];
    pushAll(run, story(0, 3000, both), atMs(3000));
    const kinds = () => run.port('out').map((one) => ('type' in one ? one.type : one.kind));
    expect(kinds()).toEqual(['quaywatch.track.encounter']);
    run.push(fix('b', 2500, 3000, 0), 'in', atMs(3000));
    run.advance(atMs(3002));
    expect(kinds()).toEqual(['quaywatch.track.encounter', 'quaywatch.track.encounter-ended']);
  });
});
