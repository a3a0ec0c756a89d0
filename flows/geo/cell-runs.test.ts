import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collection, type Point, pnpoly, point, polygon, rectangle } from '#test/support/polygons';
import { acrossCell, crossingsInCell, mayMeet, packCorner, unsettled, upCell } from './cell-runs.ts';
import { meetEdge } from './crossing.ts';
import { indexFences } from './fence-index.ts';
import { readFences } from './fences.ts';
import { centreX, centreY, type Lattice } from './lattice.ts';
import { crossings } from './side.ts';

const lattice: Lattice = {
  x0: -4.03,
  y0: -4.01,
  width: 0.7,
  height: 0.5,
  perX: 1 / 0.7,
  perY: 1 / 0.5,
  columns: 8,
  rows: 8,
  shift: 1,
};
const [column, row] = [5, 7];
const centre: Point = [centreX(lattice, column), centreY(lattice, row)];

const corners = fc.array(point, { minLength: 2, maxLength: 9 });
const pack = (points: readonly Point[]) =>
  Int32Array.from(points, ([x, y]) => packCorner(lattice, column, row, x, y) ?? 0);
/** Within the cell, and now and then on one of the corners. */
const inCell = fc.tuple(point, fc.nat({ max: 30 })).map(([[x, y], pick]) => ({
  at: [centre[0] + x * 0.35, centre[1] + y * 0.25] as Point,
  pick,
}));

test('a run in the coordinates of its cell says what doubles say, or that it does not know', () => {
  let settled = 0;
  let asked = 0;
  fc.assert(
    fc.property(corners, inCell, (points, { at, pick }) => {
      const [x, y] = points[pick] ?? at;
      const exact = crossings(Float64Array.from(points.flat()), 0, points.length - 1, ...centre, x, y);
      const [dx, dy] = [acrossCell(lattice, column, x), upCell(lattice, row, y)];
      const found = crossingsInCell(pack(points), 0, points.length - 1, dx, dy);
      asked += 1;
      if (found === unsettled) return;
      settled += 1;
      expect(found).toBe(exact);
    }),
    { numRuns: 2000 },
  );
  expect(settled / asked).toBeGreaterThan(0.6);
});

test('no edge that a way meets is left out', () => {
  fc.assert(
    fc.property(corners, point, point, fc.nat({ max: 30 }), (points, from, to, pick) => {
      const [x2, y2] = points[pick] ?? to;
      const segment = { x1: from[0], y1: from[1], x2, y2 };
      const way = {
        x1: acrossCell(lattice, column, segment.x1),
        y1: upCell(lattice, row, segment.y1),
        x2: acrossCell(lattice, column, x2),
        y2: upCell(lattice, row, y2),
      };
      const packed = pack(points);
      const vertices = Float64Array.from(points.flat());
      for (let edge = 0; edge < points.length - 1; edge++) {
        const fractions: number[] = [];
        meetEdge(vertices, edge, segment, fractions);
        if (fractions.length > 0) expect(mayMeet(packed, 0, points.length - 1, edge, way)).toBe(edge);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a fence whose corners are too far from its cells to be packed is exact all the same', () => {
  const small = Array.from({ length: 40 }, (_, i) =>
    polygon(`s${i}`, rectangle(i / 40, 0, i / 40 + 0.004, 0.004)),
  );
  const ring: Point[] = [
    [-0.9, -0.8],
    [0.95, -0.7],
    [0.8, 0.9],
    [-0.1, 0.1],
    [-0.9, -0.8],
  ];
  const index = indexFences(readFences(collection(...small, polygon('large', ring))));
  fc.assert(
    fc.property(point, ([x, y]) => {
      expect(index.contains(40, x, y)).toBe(pnpoly(x, y, ring));
    }),
    { numRuns: 500 },
  );
  const met: number[] = [];
  index.near({ x1: -1, y1: 0.5, x2: 1, y2: 0.6 }, (fence, inside) => met.push(fence, Number(inside)));
  expect(met).toEqual([40, 0]);
});
