import { expect, test } from 'vitest';
import { Random } from '../../physics/xray/random.ts';
import { unpacked } from '../packed.ts';
import { fitKinds, grouped } from './fit-kinds.ts';

const random = new Random(4);
const around = (centre: readonly number[], count: number) =>
  Array.from({ length: count }, () => Float64Array.from(centre, (value) => value + 0.05 * random.normal()));

test('things of one kind in several colours are groups of their own', () => {
  const colours = [
    [0, 0],
    [3, 0],
    [0, 3],
    [3, 3],
  ];
  const parts = grouped(colours.flatMap((colour) => around(colour, 10)));
  expect(parts.map((part) => part.length)).toEqual([10, 10, 10, 10]);
});

test('no group is empty, and each has the name of its kind', () => {
  const kinds = fitKinds(
    [
      { label: 'few', rows: around([1, 1], 2) },
      { label: 'same', rows: new Array<Float64Array>(6).fill(Float64Array.of(5, 5)) },
    ],
    2,
  );
  expect([...new Set(kinds.labels)]).toEqual(['few', 'same']);
  const means = unpacked(kinds.means, 2 * kinds.labels.length);
  expect(means.every(Number.isFinite)).toBe(true);
  expect(unpacked(kinds.lower, 3).every(Number.isFinite)).toBe(true);
});
