import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import { metre } from '#test/support/roads';
import { configOf, runStage, type StageRun } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { witness } from './witness.ts';

const gate = { point: 'gate-1', lon: 0.1, lat: 0.5, radiusM: 50 };
const points = [gate];
const fix = (seconds: number, x: number, more: object = {}) => position(seconds, 0.1 + x * metre, 0.5, more);
const read = (seconds: number, object: string, more: object = {}): Message => ({
  kind: 'passage',
  device: 'camera',
  time: at(seconds),
  quality: 'good',
  attributes: {},
  object,
  point: 'gate-1',
  confidence: 0.95,
  ...more,
});
const bears = (device: string, plate: string): Message => ({
  kind: 'identity',
  device,
  time: at(0),
  quality: 'good',
  attributes: {},
  plate,
});
const drive = (offM: number) => Array.from({ length: 12 }, (_, i) => fix(10 * i, offM + 100 * (i - 6)));
const events = (run: StageRun) => run.port('out') as EventDraft[];
function told(messages: readonly Message[], config: object = {}): EventDraft[] {
  const run = runStage(witness, { points, ...config });
  for (const message of messages) run.push(message, 'in', atMs(1000));
  return events(run);
}
const inTime = (list: readonly Message[]) =>
  [...list].sort((a, b) => String(a.time).localeCompare(String(b.time)));

describe('witness', () => {
  test('a gate that reads a truck contradicts a receiver that is elsewhere, once, and no other', () => {
    expect(told(inTime([...drive(0), read(61, 't-1')]))).toEqual([]);
    expect(told(inTime([...drive(400), read(61, 'T1')]))).toEqual([]); // can have got there
    expect(told(inTime([...drive(5000), read(61, 'T 1')]))).toMatchObject([
      {
        type: 'quaywatch.track.spoof',
        subject: 't1',
        time: at(61),
        data: {
          reason: 'witness',
          witness: 'point',
          by: 'gate-1',
          object: 'T 1',
          at: [0.1, 0.5],
          distanceM: 5000,
          allowedM: 400,
        },
      },
    ]);
    expect(told(inTime([...drive(5000), read(61, 'other')]))).toEqual([]);
  });

  test('what is seldom heard can have come far; but back it must have come too', () => {
    const away = fix(-3600, 50_000);
    expect(told([away, read(0, 't1'), fix(3600, 50_000)])).toEqual([]);
    expect(told([away, read(0, 't1'), fix(60, 50_000)])).toMatchObject([
      { time: at(0), data: { by: 'gate-1' } },
    ]);
    expect(told([read(0, 't1'), fix(10, 50_000)])).toHaveLength(1);
  });

  test('is no witness where it is not known, not sure, or of bad quality, and a larger accuracy excuses', () => {
    const far = (reading: Message, more: object = {}) => told([fix(0, 5000, more), reading]);
    expect(far(read(1, 't1'))).toHaveLength(1);
    expect(far(read(1, 't1', { point: 'gate-2' }))).toEqual([]);
    expect(far(read(1, 't1', { confidence: 0.7 }))).toEqual([]);
    expect(far(read(1, 't1', { quality: 'bad' }))).toEqual([]);
    expect(far(read(1, 't1'), { accuracyM: 5000 })).toEqual([]);
  });

  test('a plate is of the device that says so, before or after it was read', () => {
    const list = [fix(0, 5000), read(1, '粤B 12345'), fix(10, 5000)];
    expect(told(list)).toEqual([]);
    expect(told([bears('t1', '粤B12345'), ...list])).toHaveLength(1);
    expect(told([...list, bears('t1', '粤B12345')], { latenessSeconds: 60 })).toHaveLength(1);
    expect(told([bears('t1', '川B12345'), ...list])).toEqual([]);
  });

  test('a cell does not reach fixes that are far from it, several in a row', () => {
    const cells = [{ mcc: 460, mnc: 0, lac: 9383, id: 77, lon: 0.1, lat: 0.5, radiusM: 2000 }];
    const served = (count: number, x: number, id = 77) =>
      Array.from({ length: count }, (_, i) =>
        fix(10 * i, x, { attributes: { cell: { mcc: 460, mnc: 0, lac: 9383, id } } }),
      );
    expect(told(served(10, 9000), { cells })).toMatchObject([
      { time: at(20), data: { witness: 'cell', by: '9383-77' } },
    ]);
    expect(told(served(2, 9000), { cells })).toEqual([]);
    expect(told(served(10, 1900), { cells })).toEqual([]);
    expect(told(served(10, 9000, 78), { cells })).toEqual([]);
    const local = [{ lac: 9383, id: 77, lon: 0.1, lat: 0.5 }];
    const lock = fix(0, 9000, { attributes: { cell: { lac: 9383, id: 77 } } });
    expect(told([lock], { cells: local, cellFixes: 1 })).toHaveLength(1);
  });

  test('a place that the network gives contradicts the last fix', () => {
    const network = (x: number) => fix(20, x, { fix: false, attributes: { locatedBy: 'cells' } });
    expect(told([fix(0, 0), network(20_000)])).toMatchObject([{ data: { witness: 'network' } }]);
    expect(told([fix(0, 0), network(5000)])).toEqual([]);
    expect(told([fix(0, 0), fix(20, 20_000, { fix: false })])).toEqual([]);
  });

  describe('a gate that is heard before the tracker', () => {
    const config = { points, latenessSeconds: 60, settleSeconds: 3 };
    const start = (from = config) => {
      const run = runStage(witness, from);
      run.push(fix(0, 5000), 'in', atMs(0.2));
      run.push(read(1.1, 't1'), 'in', atMs(1.15));
      return run;
    };
    test('is told once, by the fix of that moment', () => {
      const run = start();
      expect(events(run)).toEqual([]);
      run.push(fix(1, 5001), 'in', atMs(1.2));
      run.push(fix(2, 5002), 'in', atMs(2.2));
      run.flush();
      expect(events(run)).toMatchObject([{ time: at(1.1), data: { distanceM: 5001 } }]);
      // what it came to before: told, and corrected a tenth of a second later
      const hasty = start({ ...config, settleSeconds: 0 });
      hasty.push(fix(1, 5001), 'in', atMs(1.2));
      expect(events(hasty)).toHaveLength(2);
    });
    test('is told all the same when no fix comes, over a restart too, and corrected by one that comes later', () => {
      const run = start();
      run.advance(atMs(3.9));
      expect(events(run)).toEqual([]);
      const resumed = runStage(witness, config, { from: run.checkpoint() });
      resumed.advance(atMs(4.2));
      expect(events(resumed)).toMatchObject([{ time: at(1.1), data: { distanceM: 5000 } }]);
      resumed.push(fix(1, 5001), 'in', atMs(9));
      expect(standing(events(resumed))).toHaveLength(1);
      expect(events(resumed)[1]).toMatchObject({ corrects: events(resumed)[0]?.name });
    });
    test('waits no longer than the first of several, and none is lost', () => {
      const run = start();
      for (let i = 0; i < 40; i++) run.push(read(2, `t 1${'.'.repeat(i)}`), 'in', atMs(2));
      run.advance(atMs(4.2));
      expect(standing(events(run))).toHaveLength(41);
    });
  });

  test.each([0, 30])(
    'leaves the same standing in any order of arrival, and over a restart, settled for %i s',
    (settleSeconds) => {
      const config = { points, latenessSeconds: 3600, settleSeconds };
      const story = fc
        .array(fc.tuple(fc.constantFrom('fix', 'far', 'gate'), fc.integer({ min: 1, max: 90 })), {
          minLength: 3,
          maxLength: 14,
        })
        .map((list) => {
          let s = 0;
          return list.map(([what, took]) => {
            s += took;
            return what === 'gate' ? read(s, 't1') : fix(s, what === 'far' ? 6000 : 30);
          });
        });
      const cases = story.chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray([...list.keys()], { minLength: list.length }),
          fc.nat(list.length),
        ),
      );
      let most = 0;
      fc.assert(
        fc.property(cases, ([list, order, cut]) => {
          const straight = runStage(witness, config);
          for (const message of list) straight.push(message, 'in', atMs(2000));
          let run = runStage(witness, config);
          const parts = [run];
          order.forEach((which, i) => {
            if (i === cut) {
              run = runStage(witness, config, { from: run.checkpoint() });
              parts.push(run);
            }
            run.push(list[which] as Message, 'in', atMs(2000));
          });
          straight.flush();
          run.flush();
          const expected = standing(straight.port('out'));
          expect(standing(parts.flatMap((part) => part.port('out')))).toEqual(expected);
          most = Math.max(most, expected.length);
        }),
        { numRuns: 40 },
      );
      expect(most).toBeGreaterThan(0);
    },
  );

  test('what is read and never heard of is forgotten in time', () => {
    const run = runStage(witness, { points });
    for (let i = 0; i < 5200; i++) run.push(read(i, `p${i}`), 'in', atMs(9000));
    expect(run.state.size).toBeLessThanOrEqual(5000);
    run.push(fix(5199.5, 90_000, { device: 'p5199' }), 'in', atMs(9000));
    expect(events(run)).toHaveLength(1);
  });
});

test('refuses a point that is in two places', () => {
  expect(() => configOf(witness, { points: [gate, gate] })).toThrow('points[1].point: another point');
});
