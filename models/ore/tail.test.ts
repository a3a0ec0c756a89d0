import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../physics/xray/random.ts';
import { packed, squareOf, triangleOf, unpacked } from './packed.ts';
import { tailOf, tailP } from './tail.ts';

const normals = (count: number, seed: number) => {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

describe('p-values of a tail', () => {
  const tail = tailOf(normals(8000, 1));
  const fresh = normals(200_000, 2);
  test('are never too small for scores like the clean ones, also beyond the last that was kept', () => {
    for (const level of [0.1, 0.01, 0.001, 0.0005, 1e-4]) {
      const share = fresh.filter((score) => tailP(tail, score) <= level).length / fresh.length;
      expect(share, `${level}`).toBeLessThan(1.35 * level + 1e-5);
    }
  });
  test('fall with the score, to 1e-30 and no further', () => {
    void fc.assert(
      fc.property(
        fc.double({ min: -5, max: 60, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (score, more) => {
          expect(tailP(tail, score + more)).toBeLessThanOrEqual(tailP(tail, score));
        },
      ),
    );
    expect(tailP(tail, 1000)).toBe(1e-30);
    expect(tailP(tail, -10)).toBe(1);
  });
  test('of few clean scores stay as large as their number allows, of none are 1', () => {
    expect(tailP(tailOf(normals(50, 3)), 100)).toBe(0.02);
    expect(tailP(tailOf([]), 100)).toBe(1);
  });
});

describe('packed numbers', () => {
  test('come back to seven digits, and only as many as were packed', () => {
    const values = normals(30, 4);
    const back = unpacked(packed(values), 30);
    for (let i = 0; i < 30; i++) expect(Math.abs((back[i] ?? 0) - (values[i] ?? 0))).toBeLessThan(1e-6);
    expect(() => unpacked(packed(values), 31)).toThrow(RangeError);
  });
  test('of a lower triangle are the triangle', () => {
    const lower = Float64Array.of(1, 0, 0, 2, 3, 0, 4, 5, 6);
    expect(squareOf(Float64Array.from(triangleOf(lower, 3)), 3)).toEqual(lower);
  });
});
