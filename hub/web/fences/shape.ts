import type { Feature, Position } from 'geojson';

/** One ring or line of a feature: closed rings without their repeated end. */
export interface Path {
  readonly points: readonly Position[];
  readonly closed: boolean;
}
export type Kind = 'fences' | 'routes';

const open = (ring: readonly Position[]): Position[] => ring.slice(0, -1);
const close = (points: readonly Position[]): Position[] => [...points, points[0] as Position];

/** Rings of all polygons, or the line, in order. */
export function pathsOf({ geometry }: Feature): Path[] {
  switch (geometry?.type) {
    case 'Polygon':
      return geometry.coordinates.map((ring) => ({ points: open(ring), closed: true }));
    case 'MultiPolygon':
      return geometry.coordinates.flatMap((rings) =>
        rings.map((ring) => ({ points: open(ring), closed: true })),
      );
    case 'LineString':
      return [{ points: geometry.coordinates, closed: false }];
    default:
      return [];
  }
}

/** The feature with its paths as given, in the same order as `pathsOf` has them. */
export function withPaths(feature: Feature, paths: readonly (readonly Position[])[]): Feature {
  const { geometry } = feature;
  if (geometry?.type === 'LineString')
    return { ...feature, geometry: { ...geometry, coordinates: [...(paths[0] ?? [])] } };
  if (geometry?.type === 'Polygon')
    return { ...feature, geometry: { ...geometry, coordinates: paths.map(close) } };
  if (geometry?.type !== 'MultiPolygon') return feature;
  let next = 0;
  const coordinates = geometry.coordinates.map((rings) => rings.map(() => close(paths[next++] ?? [])));
  return { ...feature, geometry: { ...geometry, coordinates } };
}

export function featureOf(kind: Kind, id: string, name: string, points: readonly Position[]): Feature {
  return {
    type: 'Feature',
    properties: { id, name, ...(kind === 'routes' ? { widthM: 100, oneWay: false } : {}) },
    geometry:
      kind === 'routes'
        ? { type: 'LineString', coordinates: [...points] }
        : { type: 'Polygon', coordinates: [close(points)] },
  };
}

/** Corners that a fence, or a route, has at least. */
export const leastPoints = (kind: Kind): number => (kind === 'routes' ? 2 : 3);

/** Rounded to about a centimetre: what a hand draws is no better. */
export const rounded = ([lon = 0, lat = 0]: Position): Position => [
  Math.round(lon * 1e7) / 1e7,
  Math.round(lat * 1e7) / 1e7,
];
