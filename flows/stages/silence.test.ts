import { describe, expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import { runStage, type StageRun } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { hygiene } from './hygiene.ts';

const day = 86_400;
const events = (run: StageRun) => run.port('out').filter((one): one is EventDraft => one.kind === 'event');
const gaps = (run: StageRun) => events(run).filter(({ type }) => type === 'quaywatch.track.gap');
const fix = (device: string, seconds: number, lon: number, more: object = {}) =>
  position(seconds, lon, 0.5, { device, ...more });

/** A drive from west to east over a cell in which it falls silent, or not. */
const drive = (device: string, from: number, silent: boolean): Message[] => {
  const minutes = Array.from({ length: 30 }, (_, i) => i);
  const heard = silent ? minutes.filter((i) => i < 10 || i > 25) : minutes;
  return heard.map((i) => fix(device, from + 60 * i, 0.1 + i * 0.005));
};
/** Silence at one place on three days: of a part of those who pass, or of one device alone. */
const past = (devices: readonly string[], silentOf: number): Message[] =>
  [0, 1, 2].flatMap((n) =>
    devices.flatMap((device, i) => drive(device, n * day + i * 3600, i % silentOf === 0)),
  );
const fleet = Array.from({ length: 12 }, (_, i) => `t${i}`);

function classOf(messages: readonly Message[], config: object = {}): unknown[] {
  const run = runStage(hygiene, { gapTimes: 0, ...config });
  for (const message of [...messages, ...drive('x', 3 * day, true)]) run.push(message);
  run.flush();
  const own = gaps(run).filter(({ subject }) => subject === 'x');
  expect(own).toHaveLength(1);
  return [own[0]?.data.class, own[0]?.data.usualShare];
}

describe('where silence is usual', () => {
  test('a gap is of that place when several fell silent there before, and of the link elsewhere', () => {
    const [kind, share] = classOf(past(fleet, 2));
    expect(kind).toBe('coverage');
    expect(share).toBeCloseTo((18 + 0.5) / (36 + 10), 1);
    expect(classOf(past(fleet, 12))[0]).toBe('link');
    expect(classOf(past(fleet, 1), { coverageShare: 1 })[0]).toBe('link');
    expect(classOf([])).toEqual(['link', undefined]);
  });

  test('one device that falls silent at home proves nothing, nor does what happened the same day', () => {
    const home = Array.from({ length: 12 }, (_, n) => drive('h', (n - 9) * day, true)).flat();
    expect(classOf(home)[0]).toBe('link');
    const today = fleet
      .flatMap((device, i) => drive(device, 3 * day - 7200 + i, true))
      .filter(({ time }) => Date.parse(time ?? '') >= atMs(3 * day));
    expect(classOf(today)[0]).toBe('link');
  });

  test('says the same in any order of arrival, and over a restart', () => {
    const config = { correctSeconds: 2 * day, gapTimes: 0 };
    const list = [...past(fleet.slice(0, 6), 2), ...drive('x', 7 * day, true)].sort((a, b) =>
      String(a.time).localeCompare(String(b.time)),
    );
    const inOrder = runStage(hygiene, config);
    for (const message of list) inOrder.push(message);
    const late = (i: number) => (i * 7919) % 100_000;
    const shuffled = list
      .map((message, i) => ({ message, ms: Date.parse(message.time ?? '') / 1000 + late(i) }))
      .sort((a, b) => a.ms - b.ms);
    let run = runStage(hygiene, config);
    const parts = [run];
    shuffled.forEach(({ message }, i) => {
      if (i % 400 === 399) {
        run = runStage(hygiene, config, { from: run.checkpoint() });
        parts.push(run);
      }
      run.push(message, 'in', atMs(8 * day));
    });
    const of = (runs: readonly StageRun[]) =>
      standing(runs.flatMap((one) => one.port('out')).filter(({ kind }) => kind === 'event'));
    expect(of(parts)).toEqual(of([inOrder]));
    expect(of([inOrder]).filter((one) => one.includes('"coverage"'))).toHaveLength(1);
  });
});

describe('what is usual for a device', () => {
  const every = (seconds: number, count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => fix('s', from + i * seconds, 0.1 + i * 0.0001));
  const gapsOf = (messages: readonly Message[], config: object = {}) => {
    const run = runStage(hygiene, config);
    for (const message of messages) run.push(message);
    return gaps(run);
  };

  test('a seal that reports every hour has gaps only while that is not known, and when it is silent for half a day', () => {
    const hourly = every(3600, 40);
    const told = gapsOf([...hourly, fix('s', 40 * 3600 + 43_200, 0.2)]);
    expect(told).toHaveLength(4);
    expect(told.at(-1)).toMatchObject({ data: { seconds: 46_800, usualS: 4096 } });
    expect(gapsOf(hourly, { gapTimes: 0 })).toHaveLength(39);
  });

  test('one that reports every ten seconds has a gap after the usual time, and another after the first', () => {
    const list = [...every(10, 50), ...every(10, 50, 1500), ...every(10, 5, 3000)];
    expect(gapsOf(list).map(({ data }) => data.seconds)).toEqual([1010, 1010]);
  });
});

test('fixes that are dated after they came, five in a row, are a sign of spoofing; the box of late data is none', () => {
  const spoofs = (aheadSeconds: number, every = 1) => {
    const run = runStage(hygiene, {});
    for (let i = 0; i < 12; i++) {
      const received = at(10 * i - (i % every === 0 ? aheadSeconds : 0));
      run.push(fix('s', 10 * i, 0.1 + i * 0.0001, { received }), 'in', atMs(10 * i));
    }
    return events(run);
  };
  expect(spoofs(30)).toMatchObject([
    { type: 'quaywatch.track.spoof', time: at(40), data: { reason: 'time', aheadSeconds: 30 } },
  ]);
  expect(spoofs(5)).toEqual([]);
  expect(spoofs(30, 3)).toEqual([]);
  expect(spoofs(-500)).toEqual([]);
});
