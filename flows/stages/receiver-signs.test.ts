import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageOf } from '#flows/message';
import { at, position } from '#test/support/messages';
import { metre as m } from '#test/support/roads';
import { runStage } from '#test/support/stage-harness';
import { hygiene } from './hygiene.ts';

type Position = MessageOf<'position'>;

/** A truck that drives north, a fix every ten seconds. */
const drives = (count: number, more: (i: number) => Partial<Position>): Position[] =>
  Array.from({ length: count }, (_, i) => position(10 * i, 0, 100 * i * m, { speedKph: 36, ...more(i) }));

function told(messages: readonly Position[]) {
  const run = runStage(hygiene, { gapSeconds: 120 });
  for (const message of messages) run.push(message, 'in', Date.parse(message.time as string));
  return run
    .port('out')
    .flatMap((one) =>
      one.kind === 'event' ? [{ what: one.type.split('.')[2], time: one.time, ...one.data }] : [],
    );
}

describe('a height', () => {
  const heights = (list: readonly number[], more: Partial<Position> = {}) =>
    told(drives(list.length, (i) => ({ altitudeM: list[i] as number, ...more })));

  test('that nothing climbs to, three times in a row, is a sign of a made-up place', () => {
    expect(heights([12, 14, 13, 420, 421, 419, 420, 421])).toMatchObject([
      { what: 'spoof', time: at(50), reason: 'altitude', altitudeM: 419, beforeM: 13 },
    ]);
  });

  test('that goes back, is unknown, or is measured poorly, is none', () => {
    expect(heights([12, 14, 420, 421, 13, 430, 12])).toEqual([]);
    expect(heights([420, 421, 0, 0, 0, 0, 420])).toEqual([]);
    expect(heights([12, 14, 420, 421, 420, 421], { hdop: 8 })).toEqual([]);
  });

  test('of the steepest road with the worst noise is none', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ climb: fc.integer({ min: -4, max: 4 }), noise: fc.integer({ min: -60, max: 60 }) }),
          {
            maxLength: 60,
          },
        ),
        (road) => {
          let height = 1000;
          const list = road.map(({ climb, noise }) => {
            height += climb * 10;
            return height + noise || 1;
          });
          expect(heights(list)).toEqual([]);
        },
      ),
    );
  });
});

describe('a silence', () => {
  const before = drives(10, () => ({}));
  const last = (attributes: Position['attributes'], more: Partial<Position> = {}) =>
    position(100, 0, 1000 * m, { attributes, ...more });
  const back = position(1000, 0, 3000 * m);
  const classes = (...messages: readonly Position[]) =>
    told([...before, ...messages, back]).map(({ class: kind }: Record<string, unknown>) => kind);

  test.each([
    ['alarms', { alarms: ['overspeed', 'powerCut'] }],
    ['alarms', { alarms: ['lowBattery'] }],
    ['status', { status: ['acc', 'powerCut'] }],
  ])('after a device said by its %s that its power is out is told as such', (_, attributes) => {
    expect(classes(last(attributes))).toEqual(['power']);
  });

  test('is of the link where it said nothing of the kind, or said that it is over', () => {
    expect(classes(last({ alarms: ['overspeed'] }))).toEqual(['link']);
    const again = position(110, 0, 1100 * m, { attributes: {} });
    expect(classes(last({ alarms: ['powerCut'] }), again)).toEqual(['link']);
  });

  test('in which it was heard is of the fix, whatever its power', () => {
    const heard = position(400, 0, 0, { fix: false, attributes: { alarms: ['powerCut'] } });
    expect(classes(last({}), heard)).toEqual(['fix']);
  });
});
