import type { Feature, Position } from 'geojson';
import { readFences } from '#flows/geo/fences';
import { holeProblem } from '#flows/geo/holes';
import { selfCrossing } from '#flows/geo/self-crossing';
import type { FenceProblem } from '../api/fence-types.ts';
import type { FenceChange, FenceSetKind } from '../store/fence-sets.ts';

/** West, south, east and north of what is known to be in the port, degrees. */
export type Ground = readonly [number, number, number, number];

/** A feature farther from the port than this, degrees, is asked about. */
const farDegrees = 5;
const maxWidthM = 100_000;

export function* positionsOf(value: unknown): Generator<Position> {
  if (!Array.isArray(value)) return;
  if (typeof value[0] === 'number') yield value as Position;
  else for (const part of value) yield* positionsOf(part);
}
const coordinatesOf = ({ geometry }: Feature): unknown =>
  geometry && 'coordinates' in geometry ? geometry.coordinates : undefined;

/** What all of these lie in; undefined for nothing. */
export function groundOf(features: Iterable<Feature>): Ground | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const feature of features)
    for (const [x = Number.NaN, y = Number.NaN] of positionsOf(coordinatesOf(feature))) {
      [west, east] = [Math.min(west, x), Math.max(east, x)];
      [south, north] = [Math.min(south, y), Math.max(north, y)];
    }
  return west <= east ? [west, south, east, north] : undefined;
}

const isFar = ([x = 0, y = 0]: Position, [west, south, east, north]: Ground): boolean =>
  Math.max(west - x, x - east, south - y, y - north) > farDegrees;

/** Coordinates that are no WGS 84 degrees in the order longitude, latitude, with what they seem to be. */
function placeProblem(feature: Feature, ground: Ground | undefined): string | undefined {
  // what has no two numbers is told as such
  const all = [...positionsOf(coordinatesOf(feature))].filter(
    ([x, y]) => typeof x === 'number' && typeof y === 'number',
  );
  if (all.some(([x = 0, y = 0]) => Math.abs(x) > 180 || Math.abs(y) > 360))
    return 'the coordinates are no degrees: they look like metres of a projected system such as EPSG:3857; export them as WGS 84 (EPSG:4326)';
  if (all.some(([x = 0, y = 0]) => Math.abs(y) > 90 && Math.abs(x) <= 90))
    return 'longitude and latitude seem to be swapped: GeoJSON has [longitude, latitude]';
  const [first] = all;
  if (!first || !ground || !isFar(first, ground)) return undefined;
  const [x = 0, y = 0] = first;
  return isFar([y, x], ground)
    ? `it lies more than ${farDegrees} degrees away from everything else of the port`
    : 'longitude and latitude seem to be swapped: the other way round it would lie in the port';
}

function ringProblems(id: string, feature: Feature): FenceProblem[] {
  const { geometry } = feature;
  const polygons =
    geometry?.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry?.type === 'MultiPolygon'
        ? geometry.coordinates
        : [];
  return polygons.flatMap((rings, polygon) => {
    const problem = (ring: number, message: string): FenceProblem => {
      const path = `geometry.coordinates${geometry?.type === 'MultiPolygon' ? `[${polygon}]` : ''}[${ring}]`;
      return { id, path, message };
    };
    const crossed = rings.flatMap((ring, n) => {
      const crossing = selfCrossing(ring);
      if (!crossing) return [];
      const [a, b] = crossing;
      return [problem(n, `the outline crosses itself: the edges after corners ${a + 1} and ${b + 1} meet`)];
    });
    const hole = crossed.length > 0 ? undefined : holeProblem(rings);
    return hole ? [problem(hole.ring, hole.message)] : crossed;
  });
}

function routeProblems(id: string, feature: Feature): FenceProblem[] {
  const { geometry, properties } = feature;
  const problem = (path: string, message: string) => [{ id, path, message }];
  if (geometry?.type !== 'LineString') return problem('geometry', 'a route is a LineString');
  const distinct = new Set(geometry.coordinates.map(([x, y]) => `${x} ${y}`));
  if (distinct.size < 2) return problem('geometry.coordinates', 'a route has at least two places');
  const bad = geometry.coordinates.findIndex(
    ([x, y]) => !(Math.abs(x ?? Number.NaN) <= 180 && Math.abs(y ?? Number.NaN) <= 90),
  );
  if (bad >= 0)
    return problem(`geometry.coordinates[${bad}]`, 'a position is [longitude, latitude] in degrees');
  const { widthM, oneWay } = properties ?? {};
  if (widthM !== undefined && !(typeof widthM === 'number' && widthM >= 0 && widthM <= maxWidthM))
    return problem('properties.widthM', `a width is a number of metres from 0 to ${maxWidthM}`);
  if (oneWay !== undefined && typeof oneWay !== 'boolean')
    return problem('properties.oneWay', 'oneWay is true or false');
  return [];
}

function featureProblems(kind: FenceSetKind, id: string, feature: Feature, ground: Ground | undefined) {
  const place = placeProblem(feature, ground);
  if (place !== undefined) return [{ id, path: 'geometry.coordinates', message: place }];
  if (kind === 'routes') return routeProblems(id, feature);
  const { problems } = readFences({ type: 'FeatureCollection', features: [feature] });
  if (problems.length === 0) return ringProblems(id, feature);
  return problems.map(({ path, message }) => ({ id, path: path.replace('features[0].', ''), message }));
}

/** What is wrong with changes to a set; `ground` is where the port lies, as far as is known. */
export function checkChanges(
  kind: FenceSetKind,
  changes: readonly FenceChange[],
  ground: Ground | undefined,
): FenceProblem[] {
  const seen = new Set<string>();
  return changes.flatMap(({ id, feature }): FenceProblem[] => {
    const path = 'properties.id';
    if (seen.has(id)) return [{ id, path, message: `${id} is there twice` }];
    seen.add(id);
    if (!feature) return [];
    const own = feature.properties?.id;
    if (String(own) !== id) return [{ id, path, message: `its id is ${JSON.stringify(own)} and not ${id}` }];
    return featureProblems(kind, id, feature, ground);
  });
}
