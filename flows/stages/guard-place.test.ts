import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, position, seal } from '#test/support/messages';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { guard } from './guard.ts';

/** Where a seal that has no fix of its own was when it was opened: with its truck, or at the last gate. */

const config = {
  devices: ['s1'],
  fences: collection(
    polygon('yard', rectangle(0, 0, 0.01, 0.01)),
    polygon('customs', rectangle(0.1, 0, 0.11, 0.01)),
  ),
  unlockFences: ['customs'],
  points: [{ point: 'gate-a', lon: 0.105, lat: 0.005 }],
};
const [yard, customs] = [0.005, 0.105];

const truck = (s: number, lon: number, device = 't1') => position(s, lon, 0.005, { device });
const bond = (type: string, s: number, data: object): EventDraft => ({
  kind: 'event',
  type: `quaywatch.track.${type}`,
  subject: 's1',
  time: at(s),
  quality: 'good',
  attributes: {},
  data: data as EventDraft['data'],
});
const goesWith = (s: number, device: string) => bond('association', s, { truck: device });
const read = (s: number, object: string, confidence = 1): Message => ({
  kind: 'passage',
  device: 'camera',
  time: at(s),
  quality: 'good',
  attributes: {},
  object,
  point: 'gate-a',
  confidence,
});

const violations = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.kind === 'event' && message.type === 'quaywatch.guard.violated' ? [message] : [],
  );
function told(messages: readonly Message[], more: object = {}) {
  const run = runStage(guard, { ...config, ...more });
  for (const message of messages) run.push(message);
  return violations(run.port('out'));
}
const opened = (s: number, more: object = {}) => seal(s, 'unlocked', more);
const begin = [seal(0, 'locked'), goesWith(10, 't1')];

describe('a seal without a fix of its own', () => {
  test('is where its truck is', () => {
    expect(told([...begin, truck(20, customs), opened(25)])).toEqual([]);
    expect(told([...begin, truck(20, yard), opened(25)])).toMatchObject([
      {
        subject: 's1',
        data: { reason: 'unlocked', lon: yard, placeOf: 'carrier', placeBy: 't1', uncertaintyM: 40 + 36 * 5 },
      },
    ]);
  });

  test('has no place by a truck that it does not go with, any more, or yet', () => {
    const inCustoms = truck(20, customs);
    expect(told([...begin, truck(20, customs, 't2'), opened(25)])).toHaveLength(1);
    const apart = bond('separation', 15, { truck: 't1' });
    expect(told([...begin, apart, inCustoms, opened(25)])).toHaveLength(1);
    const withdrawn = bond('association', 15, { truck: 't1', retracted: true });
    expect(told([...begin, withdrawn, inCustoms, opened(25)])).toHaveLength(1);
    expect(told([...begin, goesWith(15, 't2'), inCustoms, opened(25)])).toHaveLength(1);
    expect(told([seal(0, 'locked'), inCustoms, opened(25)])).toHaveLength(1);
  });

  test('goes with the vehicle that it names itself', () => {
    const named = { attributes: { vehicle: 't1' } };
    expect(told([seal(0, 'locked', named), truck(20, customs), opened(25, named)])).toEqual([]);
  });

  test('goes with it no more once it was seen to part from it, whatever it says, until it is seen with it again', () => {
    const named = { attributes: { vehicle: 't1' } };
    const parted = [
      seal(0, 'locked', named),
      bond('separation', 5, { truck: 't1' }),
      seal(8, 'locked', named),
    ];
    expect(told([...parted, truck(20, customs), opened(25, named)])).toHaveLength(1);
    expect(told([...parted, goesWith(15, 't1'), truck(20, customs), opened(25, named)])).toEqual([]);
    const takenBack = bond('separation', 15, { truck: 't1', retracted: true });
    expect(told([...parted, takenBack, truck(20, customs), opened(25, named)])).toEqual([]);
  });

  test('was where a gate read it, its truck or its container, for as long as it cannot have gone far', () => {
    const locked = seal(0, 'locked', { container: 'CSQU3054383' });
    for (const object of ['s1', 'csqu 305438-3', 'T-1']) {
      const passed = [locked, goesWith(10, 't1'), read(20, object)];
      expect(told([...passed, opened(30)])).toEqual([]);
      expect(told([...passed, opened(600)])).toMatchObject([
        { data: { placeOf: 'gate', placeBy: 'gate-a' } },
      ]);
    }
    expect(told([locked, read(20, 'CSQU3054383', 0.5), opened(30)])).toHaveLength(1);
    expect(told([locked, read(20, 'MSCU1234566'), opened(30)])).toHaveLength(1);
  });

  test('believes itself before its truck: it may have been taken off', () => {
    const own = (s: number, lon: number) => position(s, lon, 0.005, { device: 's1' });
    const [first] = told([...begin, own(18, yard), truck(24, customs), opened(25)]);
    expect(first).toMatchObject({ data: { placeOf: 'own', lon: yard } });
    // what it said long ago says less than the truck now
    expect(told([...begin, own(18, yard), truck(820, customs), opened(825)])).toEqual([]);
  });

  test('is not heard by what is seen of it: silence stays silence, and the truck is not guarded', () => {
    const rides = Array.from({ length: 20 }, (_, i) => truck(20 + i * 10, 0.5));
    const run = runStage(guard, { ...config, silenceSeconds: 60 });
    for (const message of [...begin, ...rides]) run.push(message);
    run.advance(atMs(300));
    expect(
      run
        .port('out')
        .flatMap((one) => (one.kind === 'event' && one.type.includes('guard') ? [one.type] : [])),
    ).toEqual(['quaywatch.guard.silent']);
  });

  const story: Message[] = [
    ...[20, 40, 60, 80, 100, 120].map((s) => truck(s, s < 70 ? yard : customs)),
    opened(45),
    seal(50, 'locked'),
    opened(95),
    seal(99, 'locked'),
    read(130, 'T1'),
    opened(135),
    seal(137, 'locked'),
  ];

  test('any order of arrival within the lateness leaves the same standing', () => {
    const run = (order: readonly Message[]) => {
      const made = runStage(guard, { ...config, latenessSeconds: 3600 });
      for (const message of [...begin, ...order]) made.push(message, 'in', atMs(200));
      return standing(
        made.port('out').filter((one) => !(one.kind === 'event' && one.type.includes('association'))),
      );
    };
    const expected = run(story);
    expect(expected).toHaveLength(2); // opened in the yard, and locked again
    fc.assert(
      fc.property(fc.shuffledSubarray(story, { minLength: story.length }), (order) => {
        expect(run(order)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('a restart at any point leaves the same', () => {
    const steps = [...begin, ...story]
      .sort((a, b) => String(a.time).localeCompare(String(b.time)))
      .map((message): Step => ({ message, atMs: Date.parse(message.time as string) }));
    const whole = outputsOf(guard, config, steps);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(steps.length - 1), { maxLength: 4 }), (cuts) => {
        expect(outputsOf(guard, config, steps, cuts)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });
});
