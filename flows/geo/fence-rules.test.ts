import { expect, test } from 'vitest';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { applies } from './fence-rules.ts';
import { readFences } from './fences.ts';

const ring = rectangle(0, 0, 1, 1);
const read = (properties: object) =>
  readFences(collection({ ...polygon('f', ring), properties: { id: 'f', ...properties } }));
const rulesOf = (properties: object) => read(properties).fences[0]?.rules;
const ms = Date.parse;

test('a fence may be for one direction and some classes alone', () => {
  expect(applies(undefined, 'enter', 0, 'truck')).toBe(true);
  const rules = rulesOf({ direction: 'exit', classes: ['truck'] });
  expect([
    applies(rules, 'exit', 0, 'truck'),
    applies(rules, 'enter', 0, 'truck'),
    applies(rules, 'exit', 0, undefined),
  ]).toEqual([true, false, false]);
});

test('a fence may apply at times of the week alone, over midnight too', () => {
  const rules = rulesOf({
    windows: [
      { days: [5], from: '22:00', to: '06:00' },
      { from: '12:00', to: '12:30' },
    ],
  });
  const at = (text: string) => applies(rules, 'enter', ms(text), undefined);
  // 2026-03-06 is a Friday
  expect(at('2026-03-06T21:59:59Z')).toBe(false);
  expect(at('2026-03-06T22:00:00Z')).toBe(true);
  expect(at('2026-03-07T05:59:59Z')).toBe(true);
  expect(at('2026-03-07T06:00:00Z')).toBe(false);
  expect(at('2026-03-07T22:00:00Z')).toBe(false);
  expect(at('2026-03-03T12:29:59Z')).toBe(true);
});

test.each([
  [{ direction: 'in' }, 'direction'],
  [{ classes: 'truck' }, 'classes'],
  [{ capacity: 1.5 }, 'capacity'],
  [{ windows: [{ from: '8:00' }] }, 'windows'],
  [{ windows: [{ days: [0] }] }, 'windows'],
  [{ windows: {} }, 'windows'],
])('%j is a problem with its path', (properties, field) => {
  expect(read(properties).problems.map(({ path }) => path)).toEqual([`features[0].properties.${field}`]);
});
