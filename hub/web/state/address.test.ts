import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Address, allEvents, formatAddress, noFilters, parseAddress } from './address.ts';

const through = (address: Address) => {
  const url = new URL(formatAddress(address), 'http://hub.invalid');
  return parseAddress(url.pathname, url.search);
};

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((s) => s.trim() === s && s !== '');
const plain = fc.stringMatching(/^[\w-]{1,12}$/);

describe('the address', () => {
  test('says area, moment, selection and filters in words that can be read', () => {
    expect(
      formatAddress({
        area: 'events',
        at: Date.parse('2026-03-01T12:00:00Z'),
        selection: { kind: 'event', box: 'b-1', sequence: 42 },
        filters: { priorities: ['alarm'], site: 'quay' },
      }),
    ).toBe('/events?t=2026-03-01T12:00:00.000Z&sel=event:b-1:42&priority=alarm&site=quay');
  });

  test('a list leaves telemetry out unless the address says all', () => {
    expect(formatAddress({ area: 'events', filters: noFilters })).toBe('/events');
    expect(formatAddress({ area: 'events', filters: allEvents })).toBe('/events?priority=all');
    expect(parseAddress('/events', '').filters).toEqual(noFilters);
  });

  test('whatever is written is read back the same', () => {
    const selection = fc.oneof(
      fc.record({ kind: fc.constant('object' as const), id: word }),
      fc.record({ kind: fc.constant('fence' as const), id: word }),
      fc.record({ kind: fc.constant('event' as const), box: plain, sequence: fc.nat() }),
      fc.record({ kind: fc.constant('device' as const), box: plain, node: word }),
    );
    const filters = fc.record(
      {
        priorities: fc.subarray(['alarm', 'verdict', 'telemetry'] as const),
        site: word,
        type: word,
        text: word,
      },
      { requiredKeys: ['priorities'] },
    );
    const address = fc.record(
      {
        area: fc.constantFrom('live' as const, 'events' as const),
        selection,
        at: fc.integer({ min: 0, max: 4e12 }),
        filters,
        view: fc.constant({ zoom: 13.25, lat: 34.75, lon: 119.6 }),
      },
      { requiredKeys: ['area', 'filters'] },
    );
    fc.assert(
      fc.property(address, (each) => {
        expect(through(each)).toEqual(each);
      }),
    );
  });

  test('a box has a page of its own', () => {
    expect(formatAddress({ area: 'boxes', box: 'b 1/2', filters: noFilters })).toBe('/boxes/b%201%2F2');
    expect(through({ area: 'boxes', box: 'b 1/2', filters: noFilters }).box).toBe('b 1/2');
  });

  test('nonsense is left out and the rest still works', () => {
    expect(
      parseAddress('/nowhere/%E0%A4%A', '?t=yesterday&sel=event:x&map=99/1/2&priority=loud,alarm&site='),
    ).toEqual({ area: 'live', filters: { priorities: ['alarm'] } });
  });
});
