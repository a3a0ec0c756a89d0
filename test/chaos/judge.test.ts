import { beforeEach, describe, expect, test } from 'vitest';
import { toEvent } from '#flows/event';
import { readingOf, timeOf } from './devices/publisher.ts';
import { judge, type Stored } from './judge.ts';
import { type Input, Ledger } from './ledger.ts';

let ledger: Ledger;
let stored: Stored[];
let last: Record<string, number>;

beforeEach(() => {
  ledger = new Ledger();
  stored = [];
  last = { alarm: 0, verdict: 0, telemetry: 0 };
});

const give = (device = 'd', path: Input['path'] = 'local'): Input => {
  const input = ledger.next(device, path, 'verdict', readingOf(device));
  ledger.acknowledge(input);
  return input;
};
/** Its event, as the hub has it after all others. */
const store = (input: Input, change: object = {}): void => {
  const sequence = stored.length + 1;
  const emission = {
    priority: input.priority,
    type: 'quaywatch.reading.observed',
    subject: input.device,
    time: timeOf(input.n),
    data: { ...input.data },
    stage: 'out',
  };
  const numbers = { sequence, previous: last[input.priority] ?? 0 };
  const event = toEvent(emission, { box: 'b', site: 's' }, { id: 'f', hash: 'h' }, numbers);
  last[input.priority] = sequence;
  stored.push({ event: { ...event, ...change }, position: sequence });
};
const judged = () => {
  const { lost, doubled, disordered, wrong } = judge(ledger, 'b', stored);
  return { lost, doubled, disordered, wrong: wrong.map((text) => text.split(':')[0]) };
};
const nothing = { lost: 0, doubled: 0, disordered: 0, wrong: [] };

test('all is well when everything is there once, in order', () => {
  for (const input of [give(), give(), give('e')]) store(input);
  expect(judged()).toEqual(nothing);
});

describe('it sees', () => {
  test('an acknowledged input that is not there', () => {
    store(give());
    give();
    expect(judged()).toEqual({ ...nothing, lost: 1 });
  });

  test('an input that comes twice, with another sequence', () => {
    const input = give();
    store(input);
    store(input);
    expect(judged()).toEqual({ ...nothing, doubled: 1 });
  });

  test('a sequence that comes twice', () => {
    store(give());
    store(give(), { sequence: 1, previous: 0 });
    expect(judged()).toMatchObject({ doubled: 1 });
  });

  test('inputs of a device in another order', () => {
    const [first, second] = [give(), give()];
    store(second);
    store(first);
    expect(judged()).toEqual({ ...nothing, disordered: 1 });
  });

  test('sequences of a priority in another order', () => {
    store(give());
    store(give());
    const [a, b] = stored as [Stored, Stored];
    stored = [
      { ...b, position: 1 },
      { ...a, position: 2 },
    ];
    expect(judged().disordered).toBeGreaterThan(0);
  });

  test('a changed payload, a wrong priority and an event of nobody', () => {
    store(give(), { data: { ...readingOf('d')(1), unit: 'm' } });
    store(give(), { priority: 'alarm', previous: 0 });
    store(ledger.next('d', 'local', 'verdict', readingOf('d')), { subject: 'stranger' });
    expect(judged().wrong).toEqual(expect.arrayContaining(['integrity', 'priority', 'foreign']));
  });

  test('a gap in the numbers', () => {
    store(give());
    store(give(), { sequence: 3, previous: 1 });
    expect(judged().wrong).toEqual(['gap']);
  });
});

test('what was not acknowledged may be there once or not at all', () => {
  const there = ledger.next('d', 'local', 'verdict', readingOf('d'));
  ledger.next('d', 'local', 'verdict', readingOf('d'));
  store(there);
  expect(judged()).toEqual(nothing);
});

test('what a foreign broker took twice may come twice, and not once more', () => {
  for (const times of [2, 3]) {
    const input = give(`d-${times}`, 'kept');
    for (let n = 0; n < 2; n++) ledger.taken(input.id, false);
    ledger.taken(input.id, true); // the witness heard it again: the broker did not take it again
    for (let n = 0; n < times; n++) store(input);
  }
  expect(judged()).toEqual({ ...nothing, doubled: 1 });
});

test('that a device repeats itself excuses nothing', () => {
  const input = give('d', 'kept');
  input.said = 2;
  store(input);
  store(input);
  expect(judged()).toEqual({ ...nothing, doubled: 1 });
});

test('what a killed broker acknowledged last is owed no more, and may be out of order', () => {
  const [first, second, third] = [give('k', 'killed'), give('k', 'killed'), give('k', 'killed')];
  ledger.excuse('killed', Number.NEGATIVE_INFINITY, 'its broker was killed');
  store(second);
  store(first);
  expect(third.excused).toBeDefined();
  expect(judged()).toEqual(nothing);
});
