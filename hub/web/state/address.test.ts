import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ScanLook, scanViews } from '../scans/look.ts';
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

  test('a scan that is open is a place, and how one looks at it is a link', () => {
    const whole = (most: number) => fc.integer({ min: 0, max: most * 10 }).map((n) => n / 10);
    const look = fc
      .record(
        {
          view: fc.constantFrom(...scanViews),
          window: fc.record({ level: whole(10), width: fc.integer({ min: 1, max: 90 }).map((n) => n / 10) }),
          gamma: fc.constantFrom(0.5, 1.15, 2),
          inverted: fc.constant(true),
          edges: fc.constant(true),
          bare: fc.constant(true),
          finding: fc.nat(9),
          place: fc.record({ zoom: fc.constantFrom(0.25, 1, 3.5), x: whole(9000), y: whole(1500) }),
          line: fc.tuple(whole(9000), whole(1500), whole(9000), whole(1500)),
        },
        { requiredKeys: ['finding'] },
      )
      .map((each) => each as ScanLook);
    const scan = fc.record({ box: plain, scan: word.filter((s) => s !== '.' && s !== '..') });
    fc.assert(
      fc.property(scan, look, (key, each) => {
        const address: Address = { area: 'scans', scan: key, look: each, filters: noFilters };
        expect(through(address)).toEqual(address);
      }),
    );
  });

  test('a scan may be selected without being open; elsewhere than in its area nothing is open', () => {
    const selection = { kind: 'scan' as const, box: 'b-1', scan: 's:7/2' };
    expect(through({ area: 'scans', selection, filters: noFilters })).toEqual({
      area: 'scans',
      selection,
      filters: noFilters,
    });
    const open = { box: 'b-1', scan: 's' };
    expect(formatAddress({ area: 'events', scan: open, look: { edges: true }, filters: noFilters })).toBe(
      '/events',
    );
    expect(parseAddress('/scans/b-1', '?as=material')).toEqual({ area: 'scans', filters: noFilters });
    expect(
      parseAddress('/scans/b-1/s', '?as=xray&win=1/-2&see=0/1/2&finding=-1&line=1/2&gamma=99&opt=loud'),
    ).toEqual({
      area: 'scans',
      scan: open,
      filters: noFilters,
    });
  });

  test('nonsense is left out and the rest still works', () => {
    expect(
      parseAddress('/nowhere/%E0%A4%A', '?t=yesterday&sel=event:x&map=99/1/2&priority=loud,alarm&site='),
    ).toEqual({ area: 'live', filters: { priorities: ['alarm'] } });
  });
});
