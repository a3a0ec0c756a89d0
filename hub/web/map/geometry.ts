import type { FeatureCollection, Geometry, Position } from 'geojson';
import type { Bounds } from './grid.ts';

/** All positions of a geometry, in order. */
export function* positionsOf(geometry: Geometry): Generator<Position> {
  if (geometry.type === 'GeometryCollection') {
    for (const part of geometry.geometries) yield* positionsOf(part);
  } else yield* flatten(geometry.coordinates);
}

function* flatten(value: Position | Position[] | Position[][] | Position[][][]): Generator<Position> {
  if (typeof value[0] === 'number') yield value as Position;
  else for (const part of value as Position[]) yield* flatten(part);
}

/** Undefined for nothing. */
export function boundsOf(positions: Iterable<Position>): Bounds | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = Number.NaN, lat = Number.NaN] of positions) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return Number.isFinite(west + south + east + north) ? { west, south, east, north } : undefined;
}

export function boundsOfCollection(collection: FeatureCollection): Bounds | undefined {
  return boundsOf(collection.features.flatMap((f) => (f.geometry ? [...positionsOf(f.geometry)] : [])));
}

/** Where the name of a thing stands: the point itself, the middle of a line, of an area its box's middle. */
export function labelPoint(geometry: Geometry): Position | undefined {
  if (geometry.type === 'Point') return geometry.coordinates;
  if (geometry.type === 'LineString')
    return geometry.coordinates[Math.floor(geometry.coordinates.length / 2)];
  const bounds = boundsOf(positionsOf(geometry));
  return bounds && [(bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2];
}

/** Web Mercator, 0..1 from the north-west corner of the world. */
export const mercatorX = (lon: number): number => (lon + 180) / 360;
export function mercatorY(lat: number): number {
  const limited = Math.max(-85.051129, Math.min(85.051129, lat));
  return (1 - Math.asinh(Math.tan((limited * Math.PI) / 180)) / Math.PI) / 2;
}
