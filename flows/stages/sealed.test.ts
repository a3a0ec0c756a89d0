import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message, MessageOf } from '#flows/message';
import { at, atMs, position, seal } from '#test/support/messages';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { sealed } from './sealed.ts';

const fix = (s: number, lon: number, more: object = {}) => position(s, lon, 0, { device: 's1', ...more });
function told(messages: readonly Message[]) {
  const run = runStage(sealed, {});
  for (const message of messages) run.push(message);
  return run
    .port('out')
    .map((one) => (one.kind === 'event' ? [one.type, one.subject, one.time, one.data] : []));
}

test('one event says for how long a seal was locked, from where to where, and what ended it', () => {
  const [first] = told([
    seal(0, 'locked', { container: 'CSQU3054383', lon: 1, lat: 0 }),
    fix(60, 2),
    seal(90, 'locked'),
    fix(95, 2.5, { accuracyM: 900 }),
    seal(120, 'cut', { reason: 'rope' }),
  ]);
  expect(first).toEqual([
    'quaywatch.track.sealed',
    's1',
    at(120),
    {
      ...{ from: at(0), to: at(120), seconds: 120, end: 'cut', lastLocked: at(90), reason: 'rope' },
      ...{ container: 'CSQU3054383', begin: [1, 0], lon: 2, lat: 0 },
    },
  ]);
});

test('each time it is locked is one; a fault ends none, and what was never locked has none', () => {
  const states = [
    'unlocked',
    'locked',
    'fault',
    'locked',
    'unlocked',
    'tampered',
    'locked',
    'tampered',
  ] as const;
  expect(
    told(states.map((state, i) => seal(10 * i, state))).map(([, , time, data]) => [
      time,
      (data as { from: string }).from,
    ]),
  ).toEqual([
    [at(40), at(10)],
    [at(70), at(60)],
  ]);
});

test('trucks are none of its business', () => {
  expect(told([position(0, 1), position(10, 2)])).toEqual([]);
  const run = runStage(sealed, { maxDevices: 1 });
  run.push(position(0, 1));
  run.push(seal(10, 'locked'));
  run.push(seal(20, 'unlocked'));
  expect(run.port('out')).toHaveLength(1);
});

const reports = fc.array(
  fc.record({
    s: fc.integer({ min: 0, max: 500 }),
    state: fc.constantFrom<MessageOf<'seal'>['state']>('locked', 'locked', 'unlocked', 'cut', 'fault'),
    device: fc.constantFrom('s1', 's2'),
  }),
  { minLength: 1, maxLength: 25 },
);
const messagesOf = (list: readonly { s: number; state: MessageOf<'seal'>['state']; device: string }[]) =>
  list.map(({ s, state, device }) => seal(s, state, { device, lon: s / 1000, lat: 0 }));

test('any order of arrival within the lateness leaves the same standing', () => {
  const run = (messages: readonly Message[]) => {
    const made = runStage(sealed, { latenessSeconds: 3600 });
    for (const message of messages) made.push(message, 'in', atMs(600));
    return standing(made.port('out'));
  };
  fc.assert(
    fc.property(
      reports.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      ([list, shuffled]) => {
        const inOrder = [...list].sort((a, b) => a.s - b.s);
        expect(run(messagesOf(shuffled))).toEqual(run(messagesOf(inOrder)));
      },
    ),
  );
});

test('a restart at any point leaves the same', () => {
  fc.assert(
    fc.property(reports, fc.uniqueArray(fc.nat(24), { maxLength: 3 }), (list, cuts) => {
      const steps = messagesOf([...list].sort((a, b) => a.s - b.s)).map(
        (message): Step => ({ message, atMs: Date.parse(message.time as string) }),
      );
      expect(outputsOf(sealed, {}, steps, cuts)).toEqual(outputsOf(sealed, {}, steps));
    }),
  );
});
