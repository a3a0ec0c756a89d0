import { readRoads } from '#flows/roads/lines';
import { buildNetwork, type RoadNetwork } from '#flows/roads/network';

export type Coordinate = readonly [lon: number, lat: number];

export const collection = (features: readonly unknown[], more: Record<string, unknown> = {}) => ({
  type: 'FeatureCollection' as const,
  features: [...features],
  ...more,
});

/** A road of GeoJSON. */
export const line = (
  id: string | number | undefined,
  coordinates: readonly Coordinate[],
  properties: Record<string, unknown> = {},
) => ({
  type: 'Feature',
  properties: { ...properties, ...(id !== undefined && { id }) },
  geometry: { type: 'LineString', coordinates },
});

/** About a metre on the equator, in degrees. */
export const metre = 1 / 111_320;

/** Streets every `spacingM` around (0, 0): `h0`… from west to east, `v0`… from south to north. */
export function streets(count: number, spacingM = 100, properties: Record<string, unknown> = {}) {
  const span = (count - 1) * spacingM * metre;
  const at = (i: number) => i * spacingM * metre;
  return collection(
    Array.from({ length: count }, (_, i) => [
      line(
        `h${i}`,
        [
          [0, at(i)],
          [span, at(i)],
        ],
        properties,
      ),
      line(
        `v${i}`,
        [
          [at(i), 0],
          [at(i), span],
        ],
        properties,
      ),
    ]).flat(),
  ); // prettier-ignore
}

/** The graph of a collection; throws when it has problems. */
export function networkOf(value: unknown): RoadNetwork {
  const roads = readRoads(value);
  const [first] = roads.problems;
  if (first) throw new Error(`${first.path}: ${first.message}`);
  return buildNetwork(roads);
}
