import { describe, expect, test } from 'vitest';
import { bytes, count, course, distance, latitude, longitude, rate, speed } from './number.ts';
import { age, duration, listTime, shortDuration, utcMoment, utcTime } from './time.ts';

describe('numbers', () => {
  test('carry their unit and group their thousands', () => {
    expect(count(1234567)).toBe('1\u2009234\u2009567');
    expect([bytes(999), bytes(4200), bytes(123_456_789)]).toEqual(['999 B', '4.2 kB', '123 MB']);
    expect([rate(0.24), rate(1400)]).toEqual(['0.2 /s', '1\u2009400 /s']);
    expect([speed(0.01, false), speed(4.2, false), speed(0, true)]).toEqual(['0 km/h', '4.2 km/h', '0 kn']);
    expect([distance(340.4), distance(999.7), distance(124_300)]).toEqual(['340 m', '1.0 km', '124 km']);
    expect([speed(42.4, false), speed(18.52, true), course(359.7)]).toEqual(['42 km/h', '10.0 kn', '000°']);
  });

  test('degrees never show sixty minutes', () => {
    expect(latitude(34.75)).toBe('34° 45.000′ N');
    expect(latitude(-0.9999999)).toBe('01° 00.000′ S');
    expect(longitude(-119.60012)).toBe('119° 36.007′ W');
  });
});

describe('times', () => {
  const now = Date.parse('2026-03-01T14:03:22.450Z');
  test('are UTC and say so', () => {
    expect(utcMoment(now)).toBe('2026-03-01 14:03:22 UTC');
    expect(utcTime(now, true)).toBe('14:03:22.4');
    expect(listTime(now, now)).toBe('14:03:22.4');
    expect(listTime(now - 86_400_000, now)).toBe('02-28 14:03:22');
  });

  test('lengths have one or two units', () => {
    expect([0, 59_999, 200_000, 7_500_000, 3 * 86_400_000].map(duration)).toEqual([
      '0 s',
      '59 s',
      '3 min 20 s',
      '2 h 05 min',
      '3 d 0 h',
    ]);
    expect([59_000, 3_599_000, 47 * 3_600_000, 50 * 3_600_000].map(shortDuration)).toEqual([
      '59 s',
      '59 min',
      '47 h',
      '2 d',
    ]);
  });

  test('a moment ahead of the clock is not called now', () => {
    expect(age(now - 5000, now)).toBe('5 s ago');
    expect(age(now + 90_000, now)).toBe('1 min ahead');
  });
});
