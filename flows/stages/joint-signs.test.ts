import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import { metre } from '#test/support/roads';
import { runStage, type StageRun } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { hygiene } from './hygiene.ts';

const events = (run: StageRun) => run.port('out').filter((one): one is EventDraft => one.kind === 'event');
const fix = (device: string, seconds: number, x: number, more: object = {}) =>
  position(seconds, 0.1 + x * metre, 0.5, { device, ...more });
const lost = (device: string, seconds: number) => position(seconds, 0, 0, { device, fix: false });
const quiet = { gapSeconds: 10_000, frozenSeconds: 100_000, futureSeconds: 100_000 };

/** Some receivers near each other that lose their fix, stand at one place, or complain, at about the same time. */
const stories = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.integer({ min: 0, max: 25 }),
      fc.constantFrom('fix', 'fix', 'shared', 'shared', 'lost', 'antenna'),
      fc.integer({ min: 0, max: 2 }),
    ),
    { minLength: 6, maxLength: 24 },
  )
  .map((list): Message[] => {
    const seen = new Set<string>();
    const all = list.flatMap(([device, n, what, where]): Message[] => {
      const s = 10 * n + device.charCodeAt(0) - 97;
      if (seen.has(`${device}${s}`)) return [];
      seen.add(`${device}${s}`);
      if (what === 'lost') return [lost(device, s)];
      const alarms = what === 'antenna' ? { attributes: { alarms: ['antennaCut'] } } : {};
      return [fix(device, s, what === 'shared' ? where : 20 + (s % 13) + s / 100, alarms)];
    });
    return all.sort((x, y) => String(x.time).localeCompare(String(y.time)));
  });

const told = (parts: readonly StageRun[]) =>
  standing(parts.flatMap((run) => run.port('out')).filter((one) => one.kind === 'event')).filter((one) =>
    /jamming|"place"/.test(one),
  );

describe('what several devices show together', () => {
  test.each([
    ['corrected', { correctSeconds: 3600 }],
    ['held back', { latenessSeconds: 3600 }],
  ])('leaves the same jamming and shared places standing in any order of arrival: %s', (_, lateness) => {
    const config = { ...quiet, ...lateness, jammedDevices: 2, sharedDevices: 2 };
    const cases = stories.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list.keys()], { minLength: list.length }),
        fc.nat(list.length),
      ),
    );
    let jammings = 0;
    let places = 0;
    fc.assert(
      fc.property(cases, ([list, order, cut]) => {
        const inOrder = runStage(hygiene, config);
        for (const message of list) inOrder.push(message, 'in', atMs(300));
        inOrder.flush();
        let run = runStage(hygiene, config);
        const parts = [run];
        order.forEach((which, i) => {
          if (i === cut) {
            run = runStage(hygiene, config, { from: run.checkpoint() });
            parts.push(run);
          }
          run.push(list[which] as Message, 'in', atMs(300));
        });
        run.flush();
        const expected = told([inOrder]);
        expect(told(parts)).toEqual(expected);
        jammings += expected.filter((one) => one.includes('jamming')).length;
        places += expected.filter((one) => one.includes('"place"')).length;
      }),
      { numRuns: 60 },
    );
    expect(jammings).toBeGreaterThan(0); // about 15
    expect(places).toBeGreaterThan(0);
  });

  test('jamming is told at once, withdrawn when one of them had lost its fix before, and told when it had not', () => {
    const run = runStage(hygiene, { ...quiet, correctSeconds: 3600 });
    for (const [i, device] of ['a', 'b', 'c'].entries()) run.push(fix(device, i, 200 * i));
    for (const [i, device] of ['a', 'b', 'c'].entries()) run.push(lost(device, 200 + i), 'in', atMs(210));
    const [jamming] = events(run);
    expect(jamming).toMatchObject({
      type: 'quaywatch.track.jamming',
      subject: 'a+b+c',
      time: at(200),
      data: { devices: ['a', 'b', 'c'], signs: ['fix', 'fix', 'fix'], to: at(202) },
    });
    run.push(lost('c', 100), 'in', atMs(211));
    expect(events(run).slice(1)).toMatchObject([{ corrects: jamming?.name, data: { retracted: true } }]);
    run.push(fix('c', 150, 400), 'in', atMs(212)); // but found it again meanwhile
    expect(standing(run.port('out'))).toEqual([
      JSON.stringify(['quaywatch.track.jamming', 'a+b+c', at(200), jamming?.data]),
    ]);
  });

  test('a shared place is withdrawn by no fix, and moves to who was there first', () => {
    const run = runStage(hygiene, { ...quiet, correctSeconds: 3600 });
    for (const [i, device] of ['a', 'b', 'c'].entries()) run.push(fix(device, 10 + i, 5), 'in', atMs(20));
    expect(events(run)).toMatchObject([{ subject: 'c', data: { devices: ['a', 'b', 'c'] } }]);
    const [first] = events(run);
    run.push(fix('d', 9, 5), 'in', atMs(21));
    expect(events(run).slice(1)).toMatchObject([
      { subject: 'b', time: at(11), data: { devices: ['a', 'b', 'd'] } },
      { corrects: first?.name, data: { retracted: true } },
    ]);
    // far from each other in time they were not there together
    run.push(fix('e', 300, 5), 'in', atMs(301));
    expect(standing(run.port('out'))).toHaveLength(1);
  });

  test('alarms of antenna and receiver, and a drop of satellites or of what they are heard with, count half', () => {
    const devices = ['a', 'b', 'c', 'd', 'e', 'f'];
    const weakened = (more: object, count: number) => {
      const run = runStage(hygiene, quiet);
      for (let n = 0; n < 10; n++)
        for (const [i, device] of devices.entries())
          run.push(
            fix(device, 10 * n, 30 * n + i, { satellites: 10, attributes: { carrierDbHz: 44 + (n % 3) } }),
          );
      for (const [i, device] of devices.slice(0, count).entries()) run.push(fix(device, 100, 300 + i, more));
      return events(run).map(({ data }) => data.signs);
    };
    const antenna = { satellites: 10, attributes: { alarms: ['gnssFault', 'powerCut'] } };
    expect(weakened(antenna, 5)).toEqual([]);
    expect(weakened(antenna, 6)).toEqual([new Array(6).fill('antenna')]);
    expect(weakened({ satellites: 5 }, 6)).toEqual([new Array(6).fill('satellites')]);
    expect(weakened({ satellites: 7 }, 6)).toEqual([]);
    expect(weakened({ attributes: { carrierDbHz: 34 } }, 5)).toEqual([]);
    expect(weakened({ attributes: { carrierDbHz: 34 } }, 6)).toEqual([new Array(6).fill('carrier')]);
    expect(weakened({ attributes: { carrierDbHz: 36 } }, 6)).toEqual([]);
    expect(weakened({ satellites: 10, attributes: { alarms: ['powerCut'] } }, 6)).toEqual([]);
  });

  test('goes on over a restart between two devices, without any lateness too', () => {
    const first = runStage(hygiene, quiet);
    for (const device of ['a', 'b', 'c']) first.push(fix(device, 0, 0.5 * device.charCodeAt(0)));
    for (const [i, device] of ['x', 'y'].entries()) first.push(fix(device, i, 500));
    for (const device of ['a', 'b']) first.push(lost(device, 10));
    const second = runStage(hygiene, quiet, { from: first.checkpoint() } as object);
    second.push(lost('c', 20));
    second.push(fix('z', 20, 500));
    expect(events(first)).toEqual([]);
    expect(events(second).map(({ subject }) => subject)).toEqual(['a+b+c', 'z']);
  });
});
