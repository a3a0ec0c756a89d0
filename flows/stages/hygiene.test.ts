import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metresBetween } from '#flows/geo/polyline';
import type { EventDraft, Message, MessageOf } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import { outputsOf, runStage, type StageRun } from '#test/support/stage-harness';
import { hygiene } from './hygiene.ts';

type Position = MessageOf<'position'>;
const metre = 1 / 111_000;
const passed = (run: StageRun) => run.port('out').filter((one): one is Position => one.kind === 'position');
const events = (run: StageRun) => run.port('out').filter((one): one is EventDraft => one.kind === 'event');
const dropped = (run: StageRun) => run.port('dropped').map(({ attributes }) => attributes.dropped);

function run(fixes: readonly Message[], config: object = {}): StageRun {
  const stage = runStage(hygiene, config);
  for (const fix of fixes) stage.push(fix);
  stage.flush();
  return stage;
}

/** Fixes every ten seconds, so many metres east of the last. */
const drive = (count: number, lon = 0, stepM = 100, from = 0, more: Partial<Position> = {}) =>
  Array.from({ length: count }, (_, i) => position(from + i * 10, lon + i * stepM * metre, 0.5, more));
const byTime = (list: Message[]) => list.sort((a, b) => String(a.time).localeCompare(String(b.time)));

describe('hygiene', () => {
  test('passes a clean track on as it is, as one body', () => {
    const fixes = drive(20);
    const out = run(fixes);
    expect(passed(out)).toEqual(fixes.map((fix) => ({ ...fix, attributes: { segment: 1 } })));
    expect(events(out)).toEqual([]);
  });

  test('drops and names what is invalid, dated ahead, older or the same', () => {
    const out = runStage(hygiene, {});
    out.push(position(0, 1, 1));
    out.push(position(0, 1, 1));
    out.push(position(10, 0, 0));
    out.push(position(10, 1, 1, { fix: false }));
    out.push(position(3600, 1, 1), 'in', atMs(20));
    out.push(position(20, 1, 1));
    out.push(position(15, 1, 1), 'in', atMs(21));
    expect(dropped(out)).toEqual(['duplicate', 'invalid', 'invalid', 'future', 'late']);
    expect(passed(out)).toHaveLength(2);
  });

  test('tells of jamming when several that had a fix lose it beside each other', () => {
    const out = runStage(hygiene, {});
    const devices = ['a', 'b', 'c'];
    for (const [i, device] of devices.entries()) out.push(position(i, i * 200 * metre, 0.5, { device }));
    out.push(position(10, 0, 0.5, { device: 'z', fix: false }));
    for (const [i, device] of devices.entries())
      out.push(position(20 + i, 0, 0, { device, fix: false }), 'in', atMs(30));
    expect(events(out)).toMatchObject([
      { type: 'quaywatch.track.jamming', subject: 'a+b+c', time: at(20), data: { devices, to: at(22) } },
    ]);
  });

  test('drops a spike that the object returns from', () => {
    const fixes = drive(20);
    fixes[10] = position(100, 1, 1);
    const out = run(fixes);
    expect(dropped(out)).toEqual(['spike']);
    expect(passed(out)).toHaveLength(19);
    expect(events(out)).toEqual([]);
  });

  test('calls it a teleport when the object stays there', () => {
    const out = run([...drive(10), ...drive(10, 2, 100, 100)]);
    expect(events(out)).toMatchObject([
      {
        type: 'quaywatch.track.teleport',
        subject: 't1',
        time: at(100),
        data: { segment: 2, from: { segment: 1 } },
      },
    ]);
    expect(passed(out).map(({ attributes }) => attributes.segment)).toEqual([
      ...Array(10).fill(1),
      ...Array(10).fill(2),
    ]);
  });

  test('tells two bodies under one identity apart', () => {
    const one = drive(20);
    const other = drive(20, 1, -100, 5);
    const out = run(byTime([...one, ...other]));
    expect(events(out)).toMatchObject([{ type: 'quaywatch.track.clone', data: { segment: 2 } }]);
    expect(passed(out)).toHaveLength(40);
    for (const { lon, attributes } of passed(out)) expect(attributes.segment).toBe(lon < 0.5 ? 1 : 2);
  });

  test('keeps two bodies apart that pass each other, or stop beside each other and go on', () => {
    const meet = (metresAt: (s: number) => number, besideM: number) =>
      byTime(
        Array.from({ length: 80 }, (_, i) => [
          position(i * 10, metresAt(i * 10) * metre, 0.5, { attributes: { truth: 1 } }),
          position(i * 10 + 5, -metresAt(i * 10 + 5) * metre, 0.5 + besideM * metre, {
            attributes: { truth: 2 },
          }),
        ]).flat(),
      );
    const passing = meet((s) => 15 * (s - 400), 0);
    const stopping = meet((s) => 15 * (s < 200 ? s - 200 : Math.max(0, s - 500)), 60);
    for (const fixes of [passing, stopping])
      for (const { attributes } of passed(run(fixes))) expect(attributes.segment).toBe(attributes.truth);
  });

  test('a speed that is not the way from one body to the other is none of spoofing', () => {
    const one = drive(40, 0, 200, 0, { speedKph: 72 });
    const other = drive(40, 0.3, -200, 5, { speedKph: 72 });
    expect(events(run(byTime([...one, ...other]))).map(({ type }) => type)).toEqual([
      'quaywatch.track.clone',
    ]);
  });

  test('drops what is of long ago: its receiver does not know the time', () => {
    const out = runStage(hygiene, {});
    for (const time of ['1970-01-01T00:00:07Z', '2006-07-16T00:00:00Z'])
      out.push(position(0, 1, 1, { time, received: at(0) }), 'in', atMs(0));
    out.push(position(0, 1, 1));
    out.push(position(10, 1, 1, { time: '2026-01-01T00:00:00Z' }), 'in', atMs(10));
    expect(dropped(out)).toEqual(['past', 'past', 'late']);
    expect(events(out)).toEqual([]);
  });

  test('mixes no places of another datum in', () => {
    const out = run([position(0, 1, 1), position(10, 1, 1, { attributes: { datum: 'ED50' } })]);
    expect(dropped(out)).toEqual(['datum']);
  });

  test('believes a body that is heard seldom between many fixes of another', () => {
    const other = [0, 1, 2, 3, 4, 5].map((i) => position(i * 60 + 5, 1 + i * 600 * metre, 0.5));
    const out = run(byTime([...drive(40), ...other]));
    expect(dropped(out)).toEqual(['spike', 'spike']);
    expect(passed(out).filter(({ attributes }) => attributes.segment === 2)).toHaveLength(4);
    expect(events(out).map(({ type }) => type)).toEqual(['quaywatch.track.clone']);
  });

  test('calls it a clone when the body that it jumped from goes on', () => {
    const out = run([...drive(10), ...drive(10, 2, 100, 100), ...drive(10, 1000 * metre, 100, 205)]);
    expect(events(out).map(({ type }) => type)).toEqual([
      'quaywatch.track.teleport',
      'quaywatch.track.clone',
    ]);
    expect(events(out)[1]).toMatchObject({ time: at(205), data: { segment: 2 } });
  });

  test('tells a gap when it is over, with what was heard meanwhile', () => {
    const quiet = run([position(0, 0.1, 0.5), position(1000, 0.1, 0.5)]);
    expect(events(quiet)).toMatchObject([
      {
        type: 'quaywatch.track.gap',
        time: at(0),
        data: { from: at(0), to: at(1000), class: 'link', seconds: 1000 },
      },
    ]);
    const blind = run([
      position(0, 0.1, 0.5),
      position(500, 0.1, 0.5, { fix: false }),
      position(1000, 0.1, 0.5),
    ]);
    expect(events(blind)).toMatchObject([{ data: { class: 'fix' } }]);
  });

  test('tells a receiver that is frozen at speed, once, and not one that is parked', () => {
    const still = (speedKph: number) => drive(60, 0.1, 0, 0, { speedKph });
    expect(events(run(still(0)))).toEqual([]);
    expect(events(run(still(60)))).toMatchObject([{ type: 'quaywatch.track.frozen', time: at(0) }]);
    // a receiver that holds its place while it stands says now and then that it moves
    const noisy = still(0).map((fix, i) => ({ ...fix, speedKph: i % 8 === 7 ? 6 : 0 }));
    expect(events(run(noisy))).toEqual([]);
  });

  test('tells signs of spoofing: devices at one place, a speed that is not that of the way', () => {
    const same = ['a', 'b', 'c', 'd'].map((device, i) => position(i, 0.1, 0.5, { device }));
    expect(events(run(same))).toMatchObject([
      { type: 'quaywatch.track.spoof', data: { devices: ['a', 'b', 'c'] } },
    ]);
    const slow = drive(10, 0, 20, 0, { speedKph: 57 });
    expect(events(run(slow))).toMatchObject([{ type: 'quaywatch.track.spoof', data: { reason: 'speed' } }]);
    expect(events(run(drive(10, 0, 160, 0, { speedKph: 57 })))).toEqual([]);
  });

  test('holds fixes back by the lateness: the same in any order', () => {
    const fixes = byTime([...drive(8), ...drive(8, 1, -100, 5)]);
    const expected = run(fixes, { latenessSeconds: 600 }).port('out');
    fc.assert(
      fc.property(fc.shuffledSubarray(fixes, { minLength: fixes.length }), (order) => {
        const stage = runStage(hygiene, { latenessSeconds: 600 });
        for (const fix of order) stage.push(fix, 'in', atMs(200));
        stage.flush();
        expect(stage.port('out')).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('gives the same after a restart at any point', () => {
    const steps = byTime([...drive(10), position(33, 9, 9), ...drive(10, 1, -100, 5)]).map((message) => ({
      message,
    }));
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (cuts) => {
        expect(outputsOf(hygiene, {}, steps, cuts)).toEqual(outputsOf(hygiene, {}, steps));
      }),
      { numRuns: 30 },
    );
  });

  const vessel = new URL('../../../shared/data/tracks/vessel-338013000.json', import.meta.url);
  test.skipIf(!existsSync(vessel))(
    'separates a real shared identity (skipped where ../shared is absent)',
    () => {
      const rows = readFileSync(vessel, 'utf8').trim().split('\n');
      const fixes = rows.flatMap((line) => {
        const { timestamp, lon, lat } = JSON.parse(line) as {
          timestamp: string;
          lon: number | null;
          lat: number | null;
        };
        if (lon === null || lat === null) return [];
        const time = timestamp.replace('.000000Z', 'Z');
        return [position(0, lon, lat, { device: '338013000', time, received: time })];
      });
      const out = run(fixes, { maxSpeedKph: 93 });
      expect(events(out).some(({ type }) => type === 'quaywatch.track.clone')).toBe(true);
      const bodies = new Map<unknown, Position[]>();
      for (const fix of passed(out))
        bodies.set(fix.attributes.segment, [...(bodies.get(fix.attributes.segment) ?? []), fix]);
      const large = [...bodies.values()].filter((list) => list.length >= 100);
      expect(large.length).toBe(2);
      for (const list of bodies.values()) {
        list.slice(1).forEach((fix, i) => {
          const before = list[i] as Position;
          const hours = (Date.parse(fix.time ?? '') - Date.parse(before.time ?? '')) / 3_600_000;
          expect(metresBetween(before.lon, before.lat, fix.lon, fix.lat)).toBeLessThanOrEqual(
            1000 + 93_000 * Math.max(0, hours) + 1,
          );
        });
      }
      expect(passed(out).length + dropped(out).length).toBe(fixes.length);
    },
  );
});
