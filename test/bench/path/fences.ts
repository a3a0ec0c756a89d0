import type { Feature, FeatureCollection, Polygon } from 'geojson';
import { seededRandom } from './random.ts';

/** Metres a degree of latitude; of longitude at the middle of the area. */
export const metresPerLat = 111_195;
export const middle = { lon: 103.8, lat: 1.25 } as const;
export const metresPerLon = metresPerLat * Math.cos((middle.lat * Math.PI) / 180);

/** The fenced area, a port region: 40 by 25 cells of 800 m, one fence in each. */
export const columns = 40;
export const rows = 25;
export const cellM = 800;
export const area = { widthM: columns * cellM, heightM: rows * cellM } as const;

/** Degrees with seven decimals (1 cm), as receivers and map editors write them. */
export const round7 = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
export const toLon = (xM: number) => round7(middle.lon + (xM - area.widthM / 2) / metresPerLon);
export const toLat = (yM: number) => round7(middle.lat + (yM - area.heightM / 2) / metresPerLat);

function ring(random: () => number, xM: number, yM: number, radiusM: number, vertices: number) {
  const points: [number, number][] = [];
  for (let i = 0; i < vertices; i += 1) {
    const angle = (2 * Math.PI * i) / vertices;
    const r = radiusM * (0.8 + 0.4 * random());
    points.push([toLon(xM + r * Math.cos(angle)), toLat(yM + r * Math.sin(angle))]);
  }
  return [...points, points[0] as [number, number]];
}

/** 1,000 fences of `vertices` vertices with ragged edges, 60 to 220 m in radius, some overlapping. */
export function makeFences(vertices = 64, seed = 1): FeatureCollection<Polygon, { id: string }> {
  const random = seededRandom(seed);
  const features: Feature<Polygon, { id: string }>[] = [];
  for (let i = 0; i < columns * rows; i += 1) {
    const xM = ((i % columns) + 0.5 + (random() - 0.5) * 0.8) * cellM;
    const yM = (Math.floor(i / columns) + 0.5 + (random() - 0.5) * 0.8) * cellM;
    const coordinates = [ring(random, xM, yM, 60 + 160 * random(), vertices)];
    features.push({
      type: 'Feature',
      properties: { id: `fence-${i}` },
      geometry: { type: 'Polygon', coordinates },
    });
  }
  return { type: 'FeatureCollection', features };
}
