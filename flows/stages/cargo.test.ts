import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, MessageOf } from '#flows/message';
import { at, atMs } from '#test/support/messages';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { cargo } from './cargo.ts';

const legs = [{ id: 'road', from: ['port-out'], to: ['yard-in'] }];
const [box, other] = ['CSQU3054383', 'MSCU1234566'];

function read(
  s: number,
  object: string,
  point = 'port-out',
  more: Partial<MessageOf<'passage'>> = {},
): Message {
  const attributes = {
    ...(object === box || object === other ? { container: true } : {}),
    ...more.attributes,
  };
  return {
    kind: 'passage',
    device: point,
    time: at(s),
    quality: 'good',
    object,
    point,
    lane: '1',
    confidence: 0.95,
    ...more,
    attributes,
  };
}
const yard = (s: number, object: string, more: Partial<MessageOf<'passage'>> = {}) =>
  read(s, object, 'yard-in', more);
const massOf = (weightKg: number) => ({ attributes: { weightKg } });

/** Type and what is said, of messages that come as they happen; the clock goes on to the end. */
function told(messages: readonly Message[], more: object = {}) {
  const run = runStage(cargo, { legs, ...more });
  for (const message of messages) run.push(message, 'in', Date.parse(message.time as string));
  run.advance(Date.parse(messages.at(-1)?.time as string) + 600_000);
  return run
    .port('out')
    .flatMap((one) => (one.kind === 'event' ? [{ type: one.type, subject: one.subject, ...one.data }] : []));
}

describe('cargo', () => {
  test('that comes on the truck on which it left', () => {
    expect(told([read(0, 'TRK-1'), read(3, box), yard(1800, box), yard(1805, 'trk 1')])).toEqual([
      {
        type: 'quaywatch.cargo.arrived',
        subject: box,
        leg: 'road',
        unread: false,
        truck: 'trk 1',
        before: 'TRK-1',
        from: 'port-out',
        point: 'yard-in',
        began: at(3),
        seconds: 1797,
        differs: [],
      },
    ]);
  });

  test('that comes on another truck is told, whichever of both is read first', () => {
    const plateFirst = [read(0, 'TRK1'), read(3, box), yard(1800, 'TRK2'), yard(1805, box)];
    const boxFirst = [read(0, box), read(3, 'TRK1'), yard(1800, box), yard(1805, 'TRK2')];
    for (const messages of [plateFirst, boxFirst])
      expect(told(messages)).toMatchObject([
        { type: 'quaywatch.cargo.changed', subject: box, differs: ['truck'], truck: 'TRK2', before: 'TRK1' },
      ]);
  });

  test('two containers of one truck, and trucks one behind the other or side by side', () => {
    const out = [read(0, 'TRK1'), read(2, box), read(4, other), read(60, 'TRK2')];
    const beside = [read(1, 'TRK9', 'port-out', { lane: '2' })];
    const arrived = told([...out, ...beside, yard(1800, 'TRK1'), yard(1802, box), yard(1804, other)]);
    expect(arrived.map(({ subject, type }) => [subject, type])).toEqual([
      [box, 'quaywatch.cargo.arrived'],
      [other, 'quaywatch.cargo.arrived'],
    ]);
  });

  test('is not known to be the same where a plate was not read, which is said', () => {
    const parts = [read(0, box), yard(1800, 'TRK2'), yard(1805, box)];
    expect(told(parts)).toMatchObject([{ type: 'quaywatch.cargo.arrived', unread: true, truck: 'TRK2' }]);
    const late = [read(0, 'TRK1'), read(3, box), yard(1800, box), yard(1860, 'TRK1')];
    expect(told(late)).toMatchObject([{ unread: true, before: 'TRK1' }]);
    const doubtful = [
      read(0, 'TRK1'),
      read(3, box),
      yard(1800, 'TRK2', { confidence: 0.3 }),
      yard(1801, box),
    ];
    expect(told(doubtful)).toMatchObject([{ unread: true }]);
  });

  test('what a reader is not sure of is no other truck, what is one character off is', () => {
    const unsure = { attributes: { alternatives: ['TRKI', 'TRK1'] } };
    expect(told([read(0, 'TRK1'), read(3, box), yard(1800, 'TRKI', unsure), yard(1801, box)])).toMatchObject([
      { type: 'quaywatch.cargo.arrived' },
    ]);
    expect(told([read(0, 'TRK1'), read(3, box), yard(1800, 'TRKI'), yard(1801, box)])).toMatchObject([
      { type: 'quaywatch.cargo.changed' },
    ]);
  });

  test.each([
    ['as heavy as a tank of fuel apart', 24_000, 23_700, []],
    ['less than the scales are wrong by', 40_000, 40_700, []],
    ['lighter by a tonne', 24_000, 23_000, ['mass']],
    ['heavier by a tonne', 24_000, 25_000, ['mass']],
  ])('%s', (_, before, after, differs) => {
    const messages = [read(0, 'TRK1'), read(3, box, 'port-out', massOf(before)), yard(1800, box)];
    const weighbridge = yard(1810, 'TRK1', massOf(after));
    expect(told([...messages, yard(1802, 'TRK1'), weighbridge])).toMatchObject([
      { differs, massKg: after, beforeKg: before },
    ]);
  });

  test('the mass of the next truck at the lane is not its own', () => {
    const messages = [read(0, 'TRK1'), read(3, box, 'port-out', massOf(24_000))];
    const arrival = [yard(1800, box), yard(1802, 'TRK1'), yard(1815, 'TRK7', massOf(9000))];
    const [only] = told([...messages, ...arrival]);
    expect(only).toMatchObject({ differs: [], beforeKg: 24_000 });
    expect(only).not.toHaveProperty('massKg');
  });

  test('another voyage, a point of no leg, a wrong check digit and a plate alone are nothing', () => {
    const out = [read(0, 'TRK1'), read(3, box)];
    expect(told([...out, yard(49 * 3600, 'TRK2'), yard(49 * 3600 + 1, box)])).toEqual([]);
    expect(told([...out, read(1800, 'TRK2', 'quay'), read(1801, box, 'quay')])).toEqual([]);
    const wrong = { attributes: { container: true } };
    expect(
      told([read(0, 'TRK1'), read(1, 'CSQU3054384', 'port-out', wrong), yard(9, 'CSQU3054384', wrong)]),
    ).toEqual([]);
    expect(told([read(0, 'TRK1'), yard(1800, 'TRK1')])).toEqual([]);
  });

  test('what makes no plan is refused with its place', () => {
    expect(() => configOf(cargo, { legs: [...legs, ...legs] })).toThrow('legs[1].id');
    expect(() => configOf(cargo, { legs: [{ id: 'x', from: ['a'], to: ['a'] }] })).toThrow('legs[0].to');
  });

  /** Three containers and five trucks on two legs, some of which change. */
  const story = fc.array(
    fc.record({
      s: fc.integer({ min: 0, max: 1200 }),
      object: fc.constantFrom(box, other, 'TRK1', 'TRK2', 'TRK3'),
      point: fc.constantFrom('port-out', 'yard-in', 'depot'),
      weightKg: fc.constantFrom(undefined, 20_000, 25_000),
    }),
    { minLength: 2, maxLength: 30 },
  );
  const both = { legs: [...legs, { id: 'back', from: ['yard-in'], to: ['depot', 'port-out'] }] };
  const messagesOf = (
    list: readonly { s: number; object: string; point: string; weightKg: number | undefined }[],
  ) =>
    list.map(({ s, object, point, weightKg }) =>
      read(s, object, point, weightKg === undefined ? {} : massOf(weightKg)),
    );

  test('any order of arrival within the lateness leaves the same standing', () => {
    const run = (messages: readonly Message[]) => {
      const made = runStage(cargo, { ...both, latenessSeconds: 3600 });
      for (const message of messages) made.push(message, 'in', atMs(1300));
      made.advance(atMs(20_000));
      return standing(made.port('out'));
    };
    fc.assert(
      fc.property(
        story.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          const inOrder = [...list].sort((a, b) => a.s - b.s);
          expect(run(messagesOf(shuffled))).toEqual(run(messagesOf(inOrder)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a restart at any point leaves the same', () => {
    fc.assert(
      fc.property(story, fc.uniqueArray(fc.nat(29), { maxLength: 4 }), (list, cuts) => {
        const inOrder = [...list].sort((a, b) => a.s - b.s);
        const steps = messagesOf(inOrder).map(
          (message): Step => ({ message, atMs: Date.parse(message.time as string) }),
        );
        expect(outputsOf(cargo, both, steps, cuts)).toEqual(outputsOf(cargo, both, steps));
      }),
      { numRuns: 100 },
    );
  });
});
