import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collection, line, metre, networkOf, streets } from '#test/support/roads';
import { Distances } from './distances.ts';

const m = metre;
const spans = (value: unknown) =>
  networkOf(value).pieces.map(({ road, startM, lengthM }) => [road, Math.round(startM), Math.round(lengthM)]);

test('roads meet where they share a position, where an end touches a road, and where they cross', () => {
  const main = line('main', [
    [0, 0],
    [100 * m, 0],
    [200 * m, 0],
  ]); // prettier-ignore
  const shared = line('shared', [
    [100 * m, 0],
    [100 * m, 50 * m],
  ]); // prettier-ignore
  expect(spans(collection([main, shared]))).toEqual([
    [0, 0, 100],
    [0, 100, 100],
    [1, 0, 50],
  ]); // prettier-ignore
  const touching = line('touching', [
    [40 * m, 0.3 * m],
    [40 * m, 50 * m],
  ]); // prettier-ignore
  expect(spans(collection([main, touching]))).toEqual([
    [0, 0, 40],
    [0, 40, 160],
    [1, 0, 49],
  ]); // prettier-ignore
  const crossing = line('crossing', [
    [40 * m, -10 * m],
    [40 * m, 50 * m],
  ]); // prettier-ignore
  expect(spans(collection([main, crossing]))).toEqual([
    [0, 0, 40],
    [0, 40, 160],
    [1, 0, 10],
    [1, 10, 50],
  ]);
});

test('a bridge passes over, and a noded collection has junctions at shared positions alone', () => {
  const main = line('main', [
    [0, 0],
    [200 * m, 0],
  ]); // prettier-ignore
  const over: [number, number][] = [
    [40 * m, -10 * m],
    [40 * m, 50 * m],
  ]; // prettier-ignore
  const whole = [
    [0, 0, 200],
    [1, 0, 60],
  ];
  expect(spans(collection([main, line('over', over, { bridge: 'yes' })]))).toEqual(whole);
  expect(spans(collection([main, line('over', over)], { noded: true }))).toEqual(whole);
});

test('a ring is a road to itself', () => {
  const ring = line('ring', [
    [0, 0],
    [50 * m, 0],
    [50 * m, 50 * m],
    [0, 0],
  ]); // prettier-ignore
  const { pieces } = networkOf(collection([ring]));
  expect(pieces).toHaveLength(1);
  expect(pieces[0]?.from).toBe(pieces[0]?.to);
});

test('ways between junctions are those of Floyd and Warshall, with oneways, in whatever order they are asked for', () => {
  const oneway = fc.constantFrom('yes', 'no', '-1');
  fc.assert(
    fc.property(
      fc.array(oneway, { minLength: 6, maxLength: 6 }),
      fc.integer({ min: 100, max: 700 }),
      (ways, bound) => {
        const base = streets(3, 100);
        const features = base.features.map((feature, i) => {
          const { properties, ...rest } = feature as { properties: object };
          return { ...rest, properties: { ...properties, oneway: ways[i] } };
        });
        const network = networkOf(collection(features));
        const n = network.junctions.lon.length;
        const far = Array.from({ length: n }, (_, i) =>
          Array.from({ length: n }, (_, j) => (i === j ? 0 : Infinity)),
        );
        for (const { from, to, lengthM, oneway } of network.pieces) {
          if (oneway >= 0) (far[from] as number[])[to] = lengthM;
          if (oneway <= 0) (far[to] as number[])[from] = lengthM;
        }
        for (let k = 0; k < n; k++)
          for (const row of far)
            row.forEach((known, j) => {
              row[j] = Math.min(known, (row[k] as number) + ((far[k] as number[])[j] as number));
            });
        const distances = new Distances(network, 150, 40);
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            const exact = (far[i] as number[])[j] as number;
            const ours = distances.between(i, j, bound);
            if (exact <= bound) expect(ours).toBeCloseTo(exact, 2);
            else expect(ours === Infinity || Math.abs(ours - exact) < 0.01).toBe(true);
          }
      },
    ),
    { numRuns: 50 },
  );
}); // prettier-ignore
