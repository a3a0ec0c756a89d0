import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, position, seal } from '#test/support/messages';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { runStage } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { control } from './control.ts';
import { corridor } from './corridor.ts';
import { geofence } from './geofence.ts';
import { guard } from './guard.ts';
import { hygiene } from './hygiene.ts';
import { stop } from './stop.ts';

const yards = collection(
  polygon('yard', rectangle(0, 0, 0.01, 0.01)),
  polygon('next', rectangle(0.01, 0, 0.02, 0.01)),
);
const lateness = { latenessSeconds: 10_000 };

const track = fc
  .array(fc.tuple(fc.integer({ min: -40, max: 240 }), fc.integer({ min: 1, max: 60 })), {
    minLength: 2,
    maxLength: 14,
  })
  .map((steps) => {
    let seconds = 0;
    return steps.map(([x, took]): Message => {
      seconds += took;
      return position(seconds, x / 10_000, 0.0049);
    });
  });
/** Fixes of one identity, which jumps, freezes and loses its fix. */
const receivers = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 0, 1, 20, 21, 200),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(0, 30, 30),
      fc.nat(9),
    ),
    { minLength: 2, maxLength: 16 },
  )
  .map((list) => {
    let seconds = 0;
    return list.map(([x, took, speedKph, lost]): Message => {
      seconds += took;
      return position(seconds, x / 1000, 0.0049, { speedKph, fix: lost > 0 });
    });
  });
const locks = fc.constantFrom('locked' as const, 'unlocked' as const, 'cut' as const);
const seals = fc
  .array(fc.tuple(locks, fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 8 })
  .map((steps) => {
    let seconds = 0;
    return steps.map(([state, took]): Message => {
      seconds += took;
      return seal(seconds, state, { device: 't1', lon: 0.005, lat: 0.005 });
    });
  });
const steps = fc
  .array(fc.tuple(fc.constantFrom('yard', 'next', 'far'), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 10,
  })
  .map((list) => {
    let seconds = 0;
    return list.map(([fence, took]): Message => {
      seconds += took;
      return {
        kind: 'event',
        type: 'quaywatch.fence.enter',
        subject: 't1',
        device: 't1',
        quality: 'good',
        attributes: {},
        data: { fence },
        time: new Date(atMs(seconds)).toISOString(),
      };
    });
  });

const plan = {
  plan: 'p',
  steps: [
    { id: 'a', enter: 'yard' },
    { id: 'b', enter: 'next', minSeconds: 10, maxSeconds: 30 },
    { id: 'c', enter: 'far' },
  ],
};
const cases = [
  ['geofence', geofence, { fences: yards, dwellSeconds: 30 }, track],
  ['geofence, plain', geofence, { fences: yards, hysteresisM: 0, confirmFixes: 1, confirmSeconds: 0 }, track],
  [
    'corridor',
    corridor,
    {
      corridors: [
        {
          id: 'r',
          line: [
            [0, 0.005],
            [0.02, 0.005],
          ],
          widthM: 30,
        },
      ],
    },
    track,
  ],
  [
    'corridor, across',
    corridor,
    {
      corridors: [
        {
          id: 'r',
          line: [
            [0.01, 0],
            [0.01, 0.01],
          ],
          widthM: 300,
        },
      ],
    },
    track,
  ],
  ['guard', guard, { fences: yards, silenceSeconds: 50 }, track],
  ['guard of a seal', guard, { fences: yards, silenceSeconds: 50 }, seals],
  ['control', control, plan, steps],
  ['stop', stop, { radiusM: 300, stopSeconds: 40, gapSeconds: 90 }, track],
  ['stop, scheduled', stop, { radiusM: 300, stopSeconds: 20, allowanceSeconds: 60, fences: yards }, track],
  [
    'hygiene',
    hygiene,
    {
      latenessSeconds: 0,
      correctSeconds: 10_000,
      futureSeconds: 10_000,
      noiseM: 50,
      gapSeconds: 50,
      frozenSeconds: 60,
      frozenFixes: 2,
    },
    receivers,
  ],
] as const;

describe('the same messages in any order', () => {
  test.each(cases)('leave the same events of %s standing', (_, stage, config, messages) => {
    const whole = messages.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
    );
    const clock = atMs(0);
    fc.assert(
      fc.property(whole, fc.nat(14), ([list, order], cut) => {
        const inOrder = runStage(stage as typeof geofence, { ...lateness, ...config });
        for (const message of list) inOrder.push(message, 'in', clock);
        let run = runStage(stage as typeof geofence, { ...lateness, ...config });
        const parts = [run];
        order.forEach((at, i) => {
          if (i === cut) {
            run = runStage(stage as typeof geofence, { ...lateness, ...config }, { from: run.checkpoint() });
            parts.push(run);
          }
          run.push(list[at] as Message, 'in', clock);
        });
        expect(standing(parts.flatMap((part) => part.port('out')))).toEqual(standing(inOrder.port('out')));
      }),
      { numRuns: 60 },
    );
  });

  test('say a thing once, and nothing again that has not changed', () => {
    const run = runStage(geofence, {
      fences: yards,
      ...lateness,
      hysteresisM: 0,
      confirmFixes: 1,
      confirmSeconds: 0,
    });
    const fixes = [position(0, -0.01, 0.005), position(10, 0.005, 0.005), position(20, 0.006, 0.005)];
    for (const fix of fixes) run.push(fix, 'in', atMs(30));
    expect(run.port('out')).toHaveLength(1);
    // it was in the yard earlier than it seemed
    run.push(position(4, 0.004, 0.005), 'in', atMs(40));
    const [first, second] = run.port('out') as EventDraft[];
    expect(second).toMatchObject({ type: 'quaywatch.fence.enter', corrects: first?.name });
    expect(Date.parse(second?.time ?? '')).toBeLessThan(Date.parse(first?.time ?? ''));
    // it was outside in between
    run.push(position(12, 0.005, 0.05), 'in', atMs(50));
    expect(run.port('out').slice(2)).toMatchObject([
      { type: 'quaywatch.fence.exit' },
      { type: 'quaywatch.fence.enter' },
    ]);
  });

  test('what is later than the lateness leaves by `late`, and what can change no more is forgotten', () => {
    const run = runStage(geofence, { fences: yards, latenessSeconds: 60 });
    for (let s = 0; s < 600; s += 10) run.push(position(s, 0.005, 0.005));
    run.push(position(500, 0.005, 0.005), 'in', atMs(600));
    expect(run.port('late')).toHaveLength(1);
    const memory = [...run.state.values()][0] as { log: unknown[]; told: unknown[] };
    expect(memory.log.length).toBeLessThan(10);
    expect(memory.told).toEqual([]);
  });

  /** Steps of which some were told wrongly first, by an event that a later one supersedes or withdraws. */
  const told = fc.array(
    fc.tuple(
      fc.constantFrom('yard', 'next', 'far'),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('right', 'corrected', 'withdrawn'),
      fc.integer({ min: -20, max: 20 }),
    ),
    { minLength: 1, maxLength: 8 },
  );
  const enter = (fence: string, seconds: number, event: string, more: object = {}): Message => ({
    kind: 'event',
    type: 'quaywatch.fence.enter',
    subject: 't1',
    device: 't1',
    quality: 'good',
    time: new Date(atMs(seconds)).toISOString(),
    data: { fence, ...('retracted' in more ? { retracted: true } : {}) },
    attributes: { event, ...('supersedes' in more ? { supersedes: more.supersedes } : {}) },
  });

  test('a stored event that is superseded or withdrawn counts no more, whatever followed on it', () => {
    fc.assert(
      fc.property(told, fc.boolean(), (list, atOnce) => {
        let seconds = 100;
        const right: Message[] = [];
        const [first, second]: [Message[], Message[]] = [[], []];
        list.forEach(([fence, took, how, off], i) => {
          seconds += took;
          const wrong = enter(fence, seconds + off, `w${i}`);
          if (how !== 'withdrawn') right.push(enter(fence, seconds, `r${i}`));
          if (how === 'right') first.push(enter(fence, seconds, `r${i}`));
          else first.push(wrong);
          const later = atOnce ? first : second;
          if (how === 'corrected') later.push(enter(fence, seconds, `r${i}`, { supersedes: `w${i}` }));
          if (how === 'withdrawn')
            later.push(enter(fence, seconds + off, `x${i}`, { supersedes: `w${i}`, retracted: true }));
        });
        const config = { ...lateness, ...plan };
        const straight = runStage(control, config);
        for (const message of right) straight.push(message, 'in', atMs(0));
        const run = runStage(control, config);
        for (const message of [...first, ...second]) run.push(message, 'in', atMs(0));
        expect(standing(run.port('out'))).toEqual(standing(straight.port('out')));
      }),
      { numRuns: 100 },
    );
  });

  test('a withdrawal of what was never heard is none of an object', () => {
    const run = runStage(control, { ...plan });
    run.push(enter('yard', 0, 'x', { supersedes: 'w', retracted: true }));
    expect(run.outputs).toEqual([]);
    expect(run.state.size).toBe(0);
    run.push(enter('yard', 10, 'r'));
    run.push(enter('next', 30, 'y', { supersedes: 'w', retracted: true }));
    run.push(enter('next', 31, 'z'));
    // the step is that of the event that stands
    expect(run.port('out')).toMatchObject([{ data: { step: 'a' } }, { time: at(31), data: { step: 'b' } }]);
  });
});
