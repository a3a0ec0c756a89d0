import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkExpression, compileExpression } from './expression.ts';
import type { Message } from './message.ts';

const position: Message = {
  kind: 'position',
  device: 'truck-7',
  time: '2026-03-01T08:00:00Z',
  received: '2026-03-01T08:00:02.500Z',
  quality: 'good',
  attributes: { battery: 12, tags: ['a', 'b'] },
  lon: 119.6,
  lat: 34.75,
  speedKph: 40.5,
  hdop: 2,
  fix: true,
};

describe('an expression', () => {
  test.each<[string, unknown]>([
    ['speedKph * 2', 81],
    ['2 * hdop + 1', 5],
    ['1 + 2 * m.hdop', 5],
    ['m.speedKph - 1', 39.5],
    ['hdop / 4', 0.5],
    ['hdop % 2', 0],
    ['speedKph > 40 && fix', true],
    ['hdop == 2', true],
    ['hdop == 2.0 && hdop != 3', true],
    ['has(m.courseDeg)', false],
    ['has(m.courseDeg) ? m.courseDeg : 0.0', 0],
    ['has(m.attributes.battery) && m.attributes.battery < 20', true],
    ['device + "/" + kind', 'truck-7/position'],
    ['size(attributes.tags)', 2],
    ['attributes.tags[1]', 'b'],
    ['{"speed": speedKph, "list": [1, "x"]}', { speed: 40.5, list: [1, 'x'] }],
    ['timestamp(received) - timestamp(time)', 2.5],
    ['timestamp(time)', '2026-03-01T08:00:00.000Z'],
    ['max(hdop, 3) + abs(-1)', 4],
    ['round(speedKph)', 41],
    ['device.matches("^truck-[0-9]+$")', true],
    ['["x1", "y2"].exists(t, t.matches("^y"))', true],
    ['1 / 2', 0],
  ])('%s', (text, value) => {
    expect(checkExpression(text, 'when')).toEqual([]);
    expect(compileExpression(text).value(position)).toEqual(value);
  });

  test.each([
    ['speedKpH > 2', 'Unknown variable: speedKpH (at character 1)'],
    ['fix && spede', 'Unknown variable: spede (at character 8)'],
    ['1 +', 'Unexpected token: EOF (at character 4)'],
    ['fix ? "a" : 3', "Ternary branches must have the same type, got 'string' and 'int' (at character 1)"],
  ])('%s is refused with its place', (text, message) => {
    expect(checkExpression(text, 'when')).toEqual([{ path: 'when', message }]);
    expect(() => compileExpression(text)).toThrow(text);
  });

  test('of the wrong type is refused where that shows, and fails where it does not', () => {
    expect(checkExpression('"yes"', 'when', 'bool')).toHaveLength(1);
    expect(checkExpression('device', 'when', 'bool')).toEqual([]);
    expect(() => compileExpression('device', 'bool').holds(position)).toThrow('gave a string');
    expect(() => compileExpression('device', 'number').number(position)).toThrow('not a number');
  });

  test.each(['m.courseDeg', 'courseDeg', 'device + 1', 'hdop / 0', 'attributes.tags[7]', 'type(hdop)'])(
    '%s fails with its code',
    (text) => {
      expect(() => compileExpression(text).value(position)).toThrow(
        expect.objectContaining({ code: 'expression.failed' }),
      );
    },
  );

  test('matches in linear time what a backtracking engine would not finish', () => {
    const slow = { ...position, device: `${'a'.repeat(60)}!` };
    expect(compileExpression('device.matches("^(a+)+$")').holds(slow)).toBe(false);
  });

  test('computes as JavaScript does, whichever side is an integer', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
        fc.nat(1000),
        (x, n) => {
          const m: Message = { ...position, hdop: x };
          expect(compileExpression(`hdop * ${n} + ${n}`).number(m)).toBe(x * n + n);
          expect(compileExpression(`${n} - hdop`).number(m)).toBe(n - x);
          expect(compileExpression(`hdop > ${n}`).holds(m)).toBe(x > n);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(checkExpression(text, 'when'))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
