import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { beltMessages, declaredLot, moment } from '#test/support/ore';
import { Random } from '#test/support/random';
import { outputsOf, runStage } from '#test/support/stage-harness';
import type { BeltPlace, IncrementClosed } from '../ore/belt-place.ts';
import { belt } from './belt.ts';
import { toIso } from './time.ts';

const config = { scale: 'scale', sensors: [{ device: 'nir', offsetM: 8 }], windowT: 2, latenessSeconds: 2 };
const lots = [
  { at: 3, state: 'begin' as const, lot: declaredLot('L1') },
  { at: 63, state: 'end' as const },
];

/** Everything a run says, in order: kind, place, and what closed. */
function said(steps: readonly Message[], cuts: readonly number[] = [], settings: object = config) {
  const pushed = steps.map((message) => ({ message }));
  return outputsOf(belt, settings, pushed, cuts).map((output) => {
    if ('error' in output) return output.error;
    if (!('message' in output)) return 'emission';
    const { message, port } = output;
    if (message.kind === 'event') return { port, type: message.type, data: message.data };
    return {
      port,
      device: message.device,
      time: message.time,
      quality: message.quality,
      place: message.attributes.belt,
    };
  });
}
const closedIn = (outputs: ReturnType<typeof said>): IncrementClosed[] =>
  outputs.flatMap((one) =>
    typeof one === 'object' && 'data' in one && one.type === 'quaywatch.increment.closed'
      ? [one.data as unknown as IncrementClosed]
      : [],
  );
const placesIn = (outputs: ReturnType<typeof said>): BeltPlace[] =>
  outputs.flatMap((one) =>
    typeof one === 'object' && 'place' in one && one.place ? [one.place as BeltPlace] : [],
  );

/** The same messages as they may come in: each within its lateness, some twice. */
function shuffled(messages: readonly Message[], seed: number, latenessMs: number): Message[] {
  const random = new Random(seed);
  return messages
    .flatMap((message) => (random.chance(0.05) ? [message, message] : [message]))
    .map((message) => ({ message, at: Date.parse(message.time ?? '') + random.next() * latenessMs * 0.98 }))
    .sort((a, b) => a.at - b.at)
    .map(({ message, at }) => ({ ...message, received: new Date(at).toISOString() }));
}

describe('increments', () => {
  const whole = said(beltMessages({ seconds: 90 }, lots));
  const closed = closedIn(whole);

  test('close by mass, the last with what is left', () => {
    expect(closed.map(({ massKg }) => massKg)).toEqual([20_000, 20_000, 20_000]);
    expect(closed.map(({ last }) => last)).toEqual([false, false, true]);
    expect(closed.map(({ windows }) => windows)).toEqual([
      { from: 0, to: 10 },
      { from: 10, to: 20 },
      { from: 20, to: 30 },
    ]);
    const shorter = said(beltMessages({ seconds: 90 }, [...lots.slice(0, 1), { at: 50, state: 'end' }]));
    expect(closedIn(shorter).map(({ massKg }) => massKg)).toEqual([20_000, 20_000, 7000]);
    expect(closedIn(shorter).at(-1)?.windows).toEqual({ from: 20, to: 24 });
  });

  test('say where and when their ore was at the scale, not when they were said', () => {
    expect(closed[1]).toMatchObject({
      lot: 'L1',
      increment: 1,
      fromM: 46,
      toM: 86,
      from: toIso(Date.parse(moment(23))),
      to: toIso(Date.parse(moment(43))),
    });
  });

  test('come behind the last measurement of their ore', () => {
    const order = whole.map((one) =>
      typeof one === 'object' && 'place' in one && one.place
        ? `m${(one.place as BeltPlace).increment}`
        : typeof one === 'object' && 'data' in one
          ? `c${(one.data as { increment: number }).increment}`
          : '',
    );
    for (const i of [0, 1, 2]) expect(order.lastIndexOf(`m${i}`)).toBeLessThan(order.indexOf(`c${i}`));
  });

  test('are told apart by hold, by the plan', () => {
    const lot = declaredLot('L1', {
      holds: [
        { hold: '1', massT: 25 },
        { hold: '2', massT: 40 },
      ],
    });
    const run = said(
      beltMessages({ seconds: 90 }, [{ at: 3, state: 'begin', lot }, lots[1] as (typeof lots)[number]]),
    );
    expect(closedIn(run).map(({ hold }) => hold)).toEqual(['1', '2', '2']);
  });
});

test('a sensor behind the scale sees ore that went over it before: places are the ore’s', () => {
  const run = beltMessages({ seconds: 90, ore: (t) => ({ fe: t, bad: false }) }, lots);
  const outputs = outputsOf(
    belt,
    config,
    run.map((message) => ({ message })),
  );
  const seen = outputs.flatMap((output) =>
    'port' in output && output.message.kind === 'spectrum' && output.message.attributes.belt
      ? [{ fe: output.message.values[0] as number, place: output.message.attributes.belt as BeltPlace }]
      : [],
  );
  expect(seen.length).toBeGreaterThan(50);
  // what the spectrum shows is the tonne that it is of, to the step of the scale
  for (const { fe, place } of seen) expect(Math.abs(fe - 3 - place.massT)).toBeLessThan(0.25);
});

test('a sensor in front of the scale waits until the scale has weighed its ore', () => {
  const run = beltMessages({ seconds: 90, nirOffsetM: -6 }, lots);
  const before = { ...config, sensors: [{ device: 'nir', offsetM: -6 }] };
  const places = placesIn(said(run, [], before));
  expect(places.length).toBeGreaterThan(50);
  expect(closedIn(said(run, [], before)).map(({ massKg }) => massKg)).toEqual([20_000, 20_000, 20_000]);
});

test('a belt that stands and starts again closes the same masses, and says how long it stood', () => {
  const speed = (s: number) => (s >= 20 && s < 50 ? 0 : 2);
  const flow = (s: number) => (s > 20 && s <= 50 ? 0 : 3600);
  const run = beltMessages({ seconds: 130, speed, flow }, [
    lots[0] as (typeof lots)[number],
    { at: 93, state: 'end' },
  ]);
  const closed = closedIn(said(run));
  expect(closed.map(({ massKg }) => massKg)).toEqual([20_000, 20_000, 20_000]);
  expect(closed[0]?.stoodSeconds).toBeCloseTo(29.8, 0);
  expect(closed[1]?.stoodSeconds).toBe(0);
});

test('an empty belt is told, and ore of no lot raises its voice', () => {
  const run = beltMessages({ seconds: 60, flow: (s) => (s > 30 ? 0 : 3600) }, [
    lots[0] as (typeof lots)[number],
  ]);
  const outputs = outputsOf(
    belt,
    config,
    run.map((message) => ({ message })),
  );
  const empty = outputs.filter(
    (one) => 'port' in one && one.message.attributes.empty === true && one.message.attributes.belt,
  );
  expect(empty.length).toBeGreaterThan(10);
  const stray = said(beltMessages({ seconds: 60 }, []));
  expect(
    stray.filter(
      (one) => typeof one === 'object' && 'type' in one && one.type === 'quaywatch.belt.unassigned',
    ).length,
  ).toBe(3);
});

test('while the scale is silent places are in doubt, and the mass is there when it speaks again', () => {
  const run = beltMessages({ seconds: 90 }, lots).filter(
    ({ device, time = '' }) => device !== 'scale' || time < moment(20) || time > moment(30),
  );
  const outputs = said(run);
  expect(closedIn(outputs).map(({ massKg }) => massKg)).toEqual([20_000, 20_000, 20_000]);
  const qualities = outputs.flatMap((one) =>
    typeof one === 'object' && 'quality' in one && one.device === 'nir' ? [one.quality] : [],
  );
  expect(qualities.filter((quality) => quality === 'suspect').length).toBeGreaterThan(8);
  expect(qualities.filter((quality) => quality === 'good').length).toBeGreaterThan(50);
});

test('the same whatever came first within the lateness, came twice, or was cut by a restart', () => {
  const run = beltMessages({ seconds: 45, speed: (s) => (s > 20 && s < 26 ? 0.5 : 2) }, [
    ...lots.slice(0, 1),
    { at: 34, state: 'end' },
  ]);
  const whole = said(run).filter((one) => typeof one === 'object' && one.port === 'out');
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.nat(run.length - 1), { maxLength: 4 }), (seed, cuts) => {
      const other = said(shuffled(run, seed, 2000), cuts).filter(
        (one) => typeof one === 'object' && one.port === 'out',
      );
      expect(JSON.stringify(other)).toBe(JSON.stringify(whole));
    }),
    { numRuns: 8 },
  );
});

test('a lot that is said to begin again in its midst goes on', () => {
  const again = { at: 40, state: 'begin' as const, lot: declaredLot('L1') };
  const once = said(beltMessages({ seconds: 90 }, lots));
  expect(said(beltMessages({ seconds: 90 }, [...lots, again]))).toEqual(once);
});

test('the bare belt before and behind a lot is never taken for its ore, however seldom the scale is heard', () => {
  // what a starved machine hears: readings left out, and with them where the ore began
  const lying = { fromS: 12, toS: 26 };
  const flow = (s: number) => (s > lying.fromS && s <= lying.toS ? 3600 : 0);
  const bare = 0;
  const run = beltMessages(
    { seconds: 40, flow, ore: (t) => ({ fe: t > 0 && t < 14 ? 60 : bare, bad: false }) },
    [
      { at: 3, state: 'begin', lot: declaredLot('L1') },
      { at: 36, state: 'end' },
    ],
  );
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0.6, max: 0.93, noNaN: true }), (seed, lost) => {
      const random = new Random(seed);
      const moments = new Map<string, boolean>();
      const heard = run.filter(({ device, kind, time = '' }) => {
        if (device !== 'scale' || kind !== 'reading') return true;
        const kept = moments.get(time) ?? !random.chance(lost);
        moments.set(time, kept);
        return kept;
      });
      const outputs = outputsOf(
        belt,
        config,
        heard.map((message) => ({ message })),
      );
      for (const output of outputs) {
        if (!('port' in output) || output.message.kind !== 'spectrum') continue;
        const { message } = output;
        const counts =
          message.quality === 'good' && message.attributes.belt && message.attributes.empty !== true;
        if (counts) expect(message.values[0]).toBe(60);
      }
    }),
    { numRuns: 15 },
  );
});

test('after a silence of the scale nothing counts until ore reaches the sensors that was weighed since, whatever the belt did meanwhile', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 12, max: 20 }),
      fc.integer({ min: 4, max: 12 }),
      (stands, fromS, silentS) => {
        const speed = (s: number) => (s > fromS + 1 && s <= fromS + 1 + stands ? 0 : 2);
        const flow = (s: number) => 1800 * speed(s);
        const run = beltMessages(
          { seconds: 46, speed, flow, ore: (t) => ({ fe: t, bad: false }) },
          lots,
        ).filter(
          ({ device, time = '' }) =>
            device !== 'scale' || time < moment(fromS) || time > moment(fromS + silentS),
        );
        const outputs = outputsOf(
          belt,
          config,
          run.map((message) => ({ message })),
        );
        let counted = 0;
        for (const output of outputs) {
          if (!('port' in output) || output.message.kind !== 'spectrum') continue;
          const { quality, values, attributes } = output.message;
          const place = attributes.belt as BeltPlace | undefined;
          if (quality !== 'good' || !place) continue;
          counted++;
          expect(Math.abs((values[0] as number) - 3 - place.massT)).toBeLessThan(0.6);
        }
        expect(counted).toBeGreaterThan(5);
      },
    ),
    { numRuns: 4 },
  );
});

test('what comes too late leaves by its port, and a lot without its fields by the error port', () => {
  const run = runStage(belt, config);
  for (const message of beltMessages({ seconds: 20 }, [...lots.slice(0, 1), { at: 34, state: 'end' }]))
    run.push(message);
  const late = { ...(beltMessages({ seconds: 1 }, [])[0] as Message), received: moment(20) };
  run.push(late);
  expect(run.port('late')).toHaveLength(1);
  const wrong = {
    kind: 'declaration',
    id: 'D',
    goods: [],
    time: moment(21),
    quality: 'good',
    attributes: { lot: { state: 'begin', declared: { lot: 'L' } } },
  };
  run.push(wrong as unknown as Message);
  expect(run.outputs.at(-1)).toMatchObject({ error: 'lot.declared' });
});
