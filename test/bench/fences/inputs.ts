import type { Feature, FeatureCollection, Polygon } from 'geojson';
import { seededRandom } from '../path/random.ts';

export interface Case {
  readonly name: string;
  readonly fences: number;
  readonly vertices: number;
  /** Side of the square that they lie in, degrees. */
  readonly degrees: number;
  readonly points: number;
}

/** How many fences of how many vertices, as dense as ports have them: a point is in one of them every third time. */
export const cases: readonly Case[] = [
  { name: 'fences.400x500', fences: 400, vertices: 500, degrees: 0.3, points: 100_000 },
  { name: 'fences.2000x64', fences: 2000, vertices: 64, degrees: 1, points: 100_000 },
  { name: 'fences.10000x64', fences: 10_000, vertices: 64, degrees: 2, points: 100_000 },
  { name: 'fences.100000x64', fences: 100_000, vertices: 64, degrees: 6.3, points: 100_000 },
];

export const corner = { lon: 103, lat: 1 } as const;
const metresPerDegree = 111_195;

type Fences = FeatureCollection<Polygon, { id: string }>;

/** Star-shaped fences, 200 to 1,500 m in radius, at random places of the square. */
export function makeFences({ fences, vertices, degrees }: Case, seed = 1): Fences {
  const random = seededRandom(seed);
  const features = Array.from({ length: fences }, (_, i): Feature<Polygon, { id: string }> => {
    const x = corner.lon + random() * degrees;
    const y = corner.lat + random() * degrees;
    const radius = (200 + 1300 * random()) / metresPerDegree;
    const ring = Array.from({ length: vertices }, (__, k): [number, number] => {
      const angle = (2 * Math.PI * k) / vertices;
      const r = radius * (0.6 + 0.4 * random());
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    });
    const coordinates = [[...ring, ring[0] as [number, number]]];
    return { type: 'Feature', properties: { id: `f${i}` }, geometry: { type: 'Polygon', coordinates } };
  });
  return { type: 'FeatureCollection', features };
}

/** Longitudes and latitudes in turn, anywhere in the square: no two neighbours share a cache line. */
export function makePoints({ degrees, points }: Case, seed = 2): Float64Array {
  const random = seededRandom(seed);
  const list = new Float64Array(points * 2);
  for (let i = 0; i < list.length; i += 2) {
    list[i] = corner.lon + random() * degrees;
    list[i + 1] = corner.lat + random() * degrees;
  }
  return list;
}
