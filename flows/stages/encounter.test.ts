import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { metre as m } from '#test/support/roads';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { encounter } from './encounter.ts';

const minutes = (n: number) => n * 60;
const ship = (device: string, s: number, x: number, y = 0) => position(s, x * m, y * m, { device });

const events = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.kind === 'event'
      ? [[message.type.replace('quaywatch.track.', ''), message.subject, message.time]]
      : [],
  );

/** Two ships that lie 150 m apart for three hours, and a third that passes. */
const story = Array.from({ length: 24 }, (_, i): Message[] => {
  const s = minutes(10 * i);
  const away = i > 18 ? (i - 18) * 4000 : 0;
  return [ship('a', s, away, 3 * i), ship('b', s + 5, 150 - away, 0), ship('c', s + 9, 4000 * (i - 10), 100)];
}).flat();

const harbour = collection(polygon('port', rectangle(-500 * m, -500 * m, 500 * m, 500 * m)));
// prettier-ignore

describe('encounter', () => {
  test('two ships that lie together at sea, and not one that passes; near a port it is none', () => {
    const run = runStage(encounter, {});
    for (const each of story) run.push(each);
    run.flush();
    expect(events(run.port('out')).map(([what, who]) => [what, who])).toEqual([
      ['encounter', 'a+b'],
      ['encounter-ended', 'a+b'],
    ]);
    const inPort = runStage(encounter, { fences: harbour });
    for (const each of story) inPort.push(each);
    inPort.flush();
    expect(events(inPort.port('out')).filter(([what]) => what === 'encounter')).toEqual([]);
  });

  test('meets across the antimeridian too', () => {
    const run = runStage(encounter, {});
    for (const each of story) {
      const east = each.kind === 'position' ? each.lon : 0;
      run.push({ ...each, lon: east < 75 * m ? east + 180 - 75 * m : east - 180 - 75 * m } as Message);
    }
    run.flush();
    expect(events(run.port('out')).map(([what, who]) => [what, who])).toEqual([
      ['encounter', 'a+b'],
      ['encounter-ended', 'a+b'],
    ]);
  });

  test('takes shorter and closer ones by the other presets', () => {
    const run = runStage(encounter, { preset: 'starboard' });
    for (const each of story) run.push(each);
    run.flush();
    expect(events(run.port('out'))[0]?.[0]).toBe('encounter');
    const close = runStage(encounter, { preset: 'starboardClose' });
    for (const each of story) close.push(each);
    close.flush();
    expect(events(close.port('out'))).toEqual([]);
  });

  test('silence, loitering and arrival', () => {
    const run = runStage(encounter, { fences: harbour, awayM: 10_000, gapHours: 6, loiterHours: 4 });
    for (let i = 0; i < 30; i++) run.push(ship('a', minutes(10 * i), 50_000 + 20 * i));
    for (let i = 0; i < 3; i++) run.push(ship('a', minutes(300 + 400 + 10 * i), 90_000 - 3000 * i));
    for (let i = 0; i < 4; i++) run.push(ship('a', minutes(740 + 10 * i), 100 + i));
    run.flush();
    expect(events(run.port('out')).map(([what]) => what)).toEqual(['loitering', 'dark', 'arrival']);
    expect(run.port('out')[1]).toMatchObject({ data: { from: at(minutes(290)), to: at(minutes(700)) } });
  });

  const day = 86_400;
  /** Others that are heard in one part of the sea every half hour for some days, and one that falls silent there, or elsewhere. */
  const watched = (days: number, x: number): Message[] => [
    ...Array.from({ length: 48 * days }, (_, n) => ship('other', 1800 * n, 100 * n)),
    ship('dark', days * day, x),
    ship('dark', days * day + 600, x + 10),
    ship('other', days * day + 700, 0),
    ship('dark', days * day + 13 * 3600, x + 20_000),
  ];
  const darkIn = (messages: readonly Message[], config: object = {}) => {
    const run = runStage(encounter, config);
    for (const message of messages) run.push(message);
    run.flush();
    return run.port('out').filter((one) => one.kind === 'event' && one.type === 'quaywatch.track.dark');
  };

  test('silence is dark where others are heard, not where nobody is, once that is learned', () => {
    expect(darkIn(watched(4, 5000))).toMatchObject([
      { subject: 'dark', data: { receptionPerDay: expect.closeTo(48, -1) } },
    ]);
    expect(darkIn(watched(4, 500_000))).toEqual([]);
    expect(darkIn(watched(4, 500_000), { minReceptionPerDay: 0 })).toMatchObject([
      { data: { receptionPerDay: 0 } },
    ]);
    const [early] = darkIn(watched(2, 500_000));
    expect(early).toMatchObject({ subject: 'dark' });
    expect(early).not.toMatchObject({ data: { receptionPerDay: expect.anything() } });
  });

  test('after a silence longer than the lateness all that came before it is judged too', () => {
    const run = runStage(encounter, { latenessSeconds: 3600, gapHours: 6, loiterHours: 2 });
    for (let i = 0; i <= 60; i++) run.push(ship('a', minutes(10 * i), 10 * i));
    for (let i = 0; i < 3; i++) run.push(ship('a', 3 * day + minutes(10 * i), 50_000 + 3000 * i));
    run.flush();
    expect(run.port('out')).toMatchObject([
      { type: 'quaywatch.track.loitering' },
      { type: 'quaywatch.track.dark', data: { from: at(minutes(600)), to: at(3 * day) } },
    ]);
  });

  test('says the same of reception in any order within the lateness, and over a restart', () => {
    const config = { latenessSeconds: 20 * 3600 };
    const list = [...watched(5, 5000), ...watched(5, 500_000).filter(({ device }) => device === 'dark')];
    const later = (i: number) => ((i * 7919) % 1000) * 60_000;
    const shuffled = list
      .map((message, i) => ({ message, ms: Date.parse(message.time ?? '') + later(i) }))
      .sort((a, b) => a.ms - b.ms)
      .map(({ message }) => message);
    const end = Date.parse(list.at(-1)?.time ?? '') + 20 * 3_600_000;
    const told = (messages: readonly Message[], cuts: number[] = []) =>
      standing(
        outputsOf(
          encounter,
          config,
          messages.map((message): Step => ({ message, atMs: end })),
          cuts,
        ).flatMap((output) => ('port' in output && output.port === 'out' ? [output.message] : [])),
      );
    const inOrder = [...list].sort((a, b) => String(a.time).localeCompare(String(b.time)));
    const expected = told(inOrder);
    expect(expected.some((one) => one.includes('receptionPerDay'))).toBe(true);
    expect(told(shuffled, [30, 90])).toEqual(expected);
  });

  /** A radar that follows three targets: a ship that says so, one that says nothing, and something in the harbour. */
  const watchedByRadar = Array.from({ length: 40 }, (_, i): Message[] => {
    const s = minutes(i);
    const target = (number: string, x: number, fix = true): Message => ({
      ...ship('radar', s + 2, x, 3000),
      fix,
      attributes: { contact: 'radar', target: number },
    });
    return [
      position(s, (20_000 + 200 * i) * m, 3000 * m, { device: 'says' }),
      target('01', 20_050 + 200 * i),
      target('02', 40_000 + 100 * i, i < 30),
      target('03', 0),
    ];
  }).flat();
  const around = collection(polygon('port', rectangle(-5000 * m, -5000 * m, 5000 * m, 5000 * m)));

  test('a radar contact that no ship explains is told once, outside the fences', () => {
    const run = runStage(encounter, { fences: around });
    for (const each of watchedByRadar) run.push(each);
    run.flush();
    expect(run.port('out')).toMatchObject([
      {
        type: 'quaywatch.track.contact',
        subject: 'radar/02',
        time: at(302),
        data: { from: at(2), sensor: 'radar' },
      },
    ]);
  });

  test('what a camera follows is a contact as well, and is told as such', () => {
    const seen = watchedByRadar.map((each) =>
      each.device === 'radar'
        ? { ...each, device: 'mast', attributes: { ...each.attributes, contact: 'optical' } }
        : each,
    );
    const run = runStage(encounter, { fences: around });
    for (const each of seen) run.push(each);
    run.flush();
    expect(run.port('out')).toMatchObject([{ subject: 'mast/02', data: { sensor: 'optical' } }]);
  });

  test('a ship that is heard late explains its contact: what was told is withdrawn', () => {
    const run = runStage(encounter, { fences: around, latenessSeconds: 7200 });
    const end = atMs(minutes(40));
    for (const each of watchedByRadar) if (each.device !== 'says') run.push(each, 'in', end);
    for (const each of watchedByRadar) if (each.device === 'says') run.push(each, 'in', end + 1);
    run.advance(end + 5000);
    run.flush();
    expect(events(run.port('out')).map(([, who]) => who)).toContain('radar/01');
    expect(standing(run.port('out')).map((one) => JSON.parse(one)[1])).toEqual(['radar/02']);
  });

  test('an identity that changes, and a call sign that two ships say', () => {
    const says = (s: number, device: string, callsign: string): Message => ({
      kind: 'identity',
      device,
      time: at(s),
      quality: 'good',
      attributes: {},
      callsign,
    }); // prettier-ignore
    const run = runStage(encounter, {});
    run.push(says(0, 'a', 'AAA'));
    run.push(says(10, 'a', 'AAA'));
    run.push(says(20, 'a', 'BBB'));
    run.push(says(30, 'b', 'BBB'));
    run.flush();
    expect(run.port('out')).toMatchObject([
      { subject: 'a', data: { field: 'callsign', before: 'AAA', now: 'BBB' } },
      { subject: 'b', data: { field: 'callsign', now: 'BBB', ship: 'a' } },
    ]);
  });

  test('gives the same in whatever order positions come within the lateness, and wherever it is restarted', () => {
    const end = Date.parse(story.at(-1)?.time ?? '');
    const steps = (list: readonly Message[]) => list.map((message): Step => ({ message, atMs: end }));
    const text = (outputs: ReturnType<typeof outputsOf>) =>
      standing(outputs.flatMap((output) => ('port' in output ? [output.message] : [])));
    const config = { latenessSeconds: 3600 };
    const straight = text(outputsOf(encounter, config, steps(story)));
    expect(straight).toHaveLength(2);
    const later = (i: number) => ((i * 7919) % 50) * 60_000;
    const shuffled = story
      .map((message, i) => ({ message, ms: Date.parse(message.time ?? '') + later(i) }))
      .sort((a, b) => a.ms - b.ms);
    expect(
      text(outputsOf(encounter, config, steps(shuffled.map(({ message }) => message)), [20, 41])),
    ).toEqual(straight);
  });
});
