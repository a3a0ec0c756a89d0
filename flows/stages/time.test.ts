import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../message.ts';
import { eventTime, isoTexts, parseIso, toIso } from './time.ts';

describe('time', () => {
  test('reads what JavaScript writes, from the year 0 to 9999', () => {
    const date = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (value) => {
        expect(parseIso(value.toISOString())).toBe(value.getTime());
        expect(parseIso(toIso(value.getTime()))).toBe(value.getTime());
      }),
      { numRuns: 500 },
    );
  });

  test('writes what JavaScript does, without the milliseconds where there are none', () => {
    const ms = fc.oneof(
      fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
      fc.integer({ min: Date.UTC(1895, 0, 1), max: Date.UTC(2105, 0, 1) }),
      fc.integer({ min: Date.UTC(1895, 0, 1) / 1000, max: Date.UTC(2105, 0, 1) / 1000 }).map((s) => s * 1000),
      fc.integer({ min: -800, max: 200 }).map((years) => Date.UTC(2000 + 10 * years, 1, 28) + 86_400_000),
      fc.double({ min: -1e12, max: 4e12, noNaN: true }),
    );
    fc.assert(
      fc.property(ms, (value) => {
        expect(toIso(value)).toBe(new Date(value).toISOString().replace('.000Z', 'Z'));
      }),
      { numRuns: 2000 },
    );
    expect(() => toIso(Number.NaN)).toThrow(RangeError);
  });

  test('moments of the same minutes are written as each alone', () => {
    const start = fc.oneof(
      fc.constantFrom(0, Date.UTC(2026, 2, 1), Date.UTC(999, 11, 31, 23, 59), Date.UTC(9999, 11, 31, 23, 59)),
      fc.integer({ min: -8e15, max: 8e15 }),
    );
    const offset = fc.oneof(
      fc.integer({ min: -90_000, max: 90_000 }),
      fc.double({ min: -2, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(start, fc.array(offset, { minLength: 1, maxLength: 10 }), (from, offsets) => {
        const text = isoTexts();
        for (const by of offsets) expect(text(from + by)).toBe(toIso(from + by));
      }),
      { numRuns: 2000 },
    );
    expect(() => isoTexts()(Number.NaN)).toThrow(RangeError);
  });

  test.each([
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2017-07-18T00:07:20.000000Z', Date.UTC(2017, 6, 18, 0, 7, 20)],
    ['2026-03-01T00:00:00.9999Z', Date.UTC(2026, 2, 1) + 999],
    ['2026-03-01T00:00:00.5Z', Date.UTC(2026, 2, 1) + 500],
    ['2026-03-01T02:00:00+02:00', Date.UTC(2026, 2, 1)],
  ])('%s', (text, ms) => {
    expect(parseIso(text)).toBe(ms);
  });

  test('agrees with JavaScript on what is no time', () => {
    const near = fc.tuple(fc.nat(23), fc.string({ minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(near, ([i, c]) => {
        const text = `2026-03-01T12:34:56.789Z`;
        const broken = text.slice(0, i) + c + text.slice(i + 1);
        expect(parseIso(broken)).toBe(Date.parse(broken));
      }),
      { numRuns: 500 },
    );
    expect(parseIso('2026-02-30T25:00:00Z')).toBeNaN();
    for (const day of ['2026-02-30', '2024-02-31', '2026-04-31']) {
      expect(parseIso(`${day}T00:00:00Z`)).toBe(Date.parse(`${day}T00:00:00Z`));
    }
    expect(parseIso('')).toBeNaN();
  });

  test('of an event is when it was measured, else when it was received', () => {
    const message: Message = {
      kind: 'identity',
      quality: 'good',
      attributes: {},
      received: '2026-03-01T00:00:01Z',
    };
    expect(eventTime(message)).toBe(Date.UTC(2026, 2, 1) + 1000);
    expect(eventTime({ ...message, time: '2026-03-01T00:00:00Z' })).toBe(Date.UTC(2026, 2, 1));
    expect(() => eventTime({ ...message, time: 'soon' })).toThrow('no usable time');
  });
});
