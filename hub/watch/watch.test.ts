import { describe, expect, test } from 'vitest';
import { sampleEvent } from '../store/conformance/samples.ts';
import { keyOf, readEntries } from './entries.ts';
import { createMatcher } from './watch.ts';

describe('entries', () => {
  const read = (text: string) => readEntries(text, 't', 'mei');
  test('are read from CSV and pasted text, with their notes', () => {
    const { entries, problems } = read(
      'plate;why\r\nAB 12-34;"stolen; red"\n\n"X ""1""", seen\tbefore\nCSQU3054383\n413000000',
    );
    expect(entries.map(({ value, note }) => [value, note])).toEqual([
      ['AB 12-34', 'stolen; red'],
      ['X "1"', 'seen\tbefore'],
      ['CSQU3054383', undefined],
      ['413000000', undefined],
    ]);
    expect(problems).toEqual([]);
  });
  test('a container that nobody could read so is told with what may be meant, and not taken', () => {
    const { entries, problems } = read('CSQU305438O\nCSQU3054384\n,note alone');
    expect(entries.map(({ value }) => value)).toEqual(['CSQU305438O']);
    expect(problems.map(({ line, message }) => [line, message.split(' ')[0]])).toEqual([
      [2, 'its'],
      [3, 'the'],
    ]);
    expect(keyOf('ab 12-3.4')).toBe('AB1234');
  });
});

describe('matching', () => {
  const list = {
    name: 'stolen',
    title: 'Stolen',
    priority: 'alarm' as const,
    quietMinutes: 10,
    entries: [{ value: 'AB 12-34', added: 't', by: 'mei', note: 'red' }],
    changed: 't',
    by: 'mei',
  };
  const said = (sequence: number, seconds: number, data: Record<string, unknown>, subject = 'reader') => ({
    event: sampleEvent('b', sequence, { seconds, subject, data }),
    stored: 't',
    position: sequence,
  });
  const matcher = () => {
    const made = createMatcher();
    made.use([list]);
    return made;
  };
  test('finds names wherever an event has them, once in a quiet time and object', () => {
    const one = matcher();
    const hits = one.match([
      said(1, 0, { object: 'ab1234', point: 'gate-a' }),
      said(2, 60, { attributes: { plate: 'AB-1234' } }),
      said(3, 700, { members: ['x', 'ab 1234'] }),
      said(4, 800, { object: 'AB1235' }),
      said(5, 900, {}, 'ab1234'),
    ]);
    expect(hits.map(({ emission }) => [emission.subject, emission.data.field, emission.data.cause])).toEqual([
      ['reader', 'object', 'b:1'],
      ['reader', 'members', 'b:3'],
      ['ab1234', 'subject', 'b:5'],
    ]);
    expect(hits[0]).toMatchObject({
      emission: {
        priority: 'alarm',
        type: 'quaywatch.watch.hit',
        data: { list: 'stolen', note: 'red', point: 'gate-a' },
      },
    });
  });
  test('what comes late has quiet times of its own, and does not end those of what was told before', () => {
    const one = matcher();
    const told = (...seconds: number[]) =>
      seconds.filter((second, n) => one.match([said(100 + n, second, { object: 'ab1234' })]).length > 0);
    expect(told(3600)).toEqual([3600]);
    // a box that was out of reach tells of an hour before, a fix a minute
    expect(told(0, 60, 120, 540, 630, 3300, 3660)).toEqual([0, 630]);
  });
  test('what is taken back raises nothing', () => {
    const one = createMatcher();
    one.use([{ ...list, quietMinutes: 0 }]);
    expect(one.match([said(1, 0, { object: 'ab1234' })])).toHaveLength(1);
    expect(one.match([said(2, 0, { object: 'ab1234', retracted: true })])).toEqual([]);
  });
  test('an event that is looked at again after a crash raises nothing twice', () => {
    const event = said(1, 0, { object: 'ab1234' });
    const [hit] = matcher().match([event]);
    const again = matcher();
    again.known(sampleEvent('hub-1', 1, { seconds: 0, ...hit?.emission, data: { ...hit?.emission.data } }));
    expect(again.match([event])).toEqual([]);
    expect(again.match([said(2, 700, { object: 'ab1234' })])).toHaveLength(1);
  });
});
