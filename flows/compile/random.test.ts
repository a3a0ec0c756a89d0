import { expect, test } from 'vitest';
import { Random } from './random.ts';
import { Store } from './store.ts';

const draw = (count: number, hash = 'a', node = 'n', seed = 1, counters = new Store([], 'n', 'counter')) => {
  const random = new Random(counters, hash, node, seed);
  return Array.from({ length: count }, () => random.next());
};

test('numbers are spread over [0, 1) and the same for the same flow, node and seed', () => {
  const numbers = draw(10_000);
  expect(draw(10_000)).toEqual(numbers);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length,
  );
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  for (const other of [draw(3, 'b'), draw(3, 'a', 'm'), draw(3, 'a', 'n', 2)]) {
    expect(other).not.toEqual(numbers.slice(0, 3));
  }
});

test('a restart goes on with the numbers that would have come', () => {
  const counters = new Store([], 'n', 'counter');
  const first = draw(5, 'a', 'n', 1, counters);
  const restored = new Store([], 'n', 'counter');
  for (const [key, value] of counters.entries()) restored.restore(key, JSON.parse(JSON.stringify(value)));
  expect([...first, ...draw(5, 'a', 'n', 1, restored)]).toEqual(draw(10));
});
