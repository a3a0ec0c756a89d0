import fc from 'fast-check';

export type Point = readonly [number, number];
export type Ring = readonly Point[];

/** The classic even-odd test of one closed ring; on an edge it may say either. */
export function pnpoly(x: number, y: number, ring: Ring): boolean {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [x1, y1] = ring[i - 1] as Point;
    const [x2, y2] = ring[i] as Point;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

export const close = (points: readonly Point[]): Ring => [...points, points[0] as Point];

/** A star around a centre, the radius of each corner by itself: simple, seldom convex. */
export const star = (centre: fc.Arbitrary<Point>, size: fc.Arbitrary<number>): fc.Arbitrary<Ring> =>
  fc
    .tuple(
      centre,
      size,
      fc.array(fc.double({ min: 0.3, max: 1, noNaN: true }), { minLength: 3, maxLength: 64 }),
    )
    .map(([[x, y], radius, spokes]) =>
      close(
        spokes.map((spoke, i) => {
          const angle = (2 * Math.PI * i) / spokes.length;
          return [x + radius * spoke * Math.cos(angle), y + radius * spoke * Math.sin(angle)] as const;
        }),
      ),
    );

/** Multiples of 2^-20, of which doubles hold sums and products exactly: oracles make no mistakes. */
const coordinate = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((n) => n / 2 ** 20);
export const point: fc.Arbitrary<Point> = fc.tuple(coordinate, coordinate);

/** Corners anywhere: crosses itself more often than not. */
export const tangle: fc.Arbitrary<Ring> = fc
  .array(point, { minLength: 3, maxLength: 12 })
  .filter((points) => new Set(points.map(String)).size > 1)
  .map(close);

const gridNumber = fc.integer({ min: -4, max: 4 }).map((n) => n / 4);
export const gridPoint: fc.Arbitrary<Point> = fc.tuple(gridNumber, gridNumber);

/** Corners on a coarse grid: edges that lie on each other, horizontal ones, shared corners. */
export const gridRing: fc.Arbitrary<Ring> = fc
  .array(gridPoint, { minLength: 3, maxLength: 8 })
  .filter((points) => new Set(points.map(String)).size > 1)
  .map(close);

export const polygon = (id: string, ...rings: Ring[]) => ({
  type: 'Feature',
  properties: { id },
  geometry: { type: 'Polygon', coordinates: rings },
});

export const multiPolygon = (id: string, ...polygons: Ring[][]) => ({
  type: 'Feature',
  properties: { id },
  geometry: { type: 'MultiPolygon', coordinates: polygons },
});

export const collection = (...features: object[]) => ({ type: 'FeatureCollection', features });

/** An axis-parallel rectangle. */
export const rectangle = (x1: number, y1: number, x2: number, y2: number): Ring =>
  close([
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ]);
