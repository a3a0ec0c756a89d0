import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { findings, withDefaults } from './schema.ts';

const schema = Type.Object({
  routes: Type.Union([
    Type.String(),
    Type.Array(
      Type.Object({
        id: Type.String(),
        lon: Type.Number({ maximum: 180 }),
        widthM: Type.Number({ default: 5 }),
      }),
      {
        minItems: 1,
      },
    ),
  ]),
});
const wrong = (config: object) =>
  findings(schema, withDefaults(schema, config), '').map(({ path, message }) => `${path} ${message}`);

test('of alternatives, only what is wrong with the one that was meant is told', () => {
  expect(wrong({ routes: 'a set' })).toEqual([]);
  expect(wrong({ routes: [{ id: 'a', lon: 7 }] })).toEqual([]);
  expect(wrong({ routes: [{ id: 'a', lon: 300 }] })).toEqual(['routes[0].lon must be <= 180']);
  expect(wrong({ routes: [{ lon: 7 }] })).toEqual(['routes[0].id is missing']);
  expect(wrong({ routes: [] })).toEqual(['routes must not have fewer than 1 items']);
  expect(wrong({ routes: 7 })).toHaveLength(1);
  expect(wrong({})).toEqual(['routes is missing']);
});
