import type { Feature } from 'geojson';
import type { FenceCollection } from '../api/fence-types.ts';
import type { MapLayers } from '../api/types.ts';

/**
 * The map as everybody sees it: the port's drawing, the fences of all sets, and those that were put with the map under an id that no
 * set has; `properties.set` and `.version` say where a fence is from.
 */
export function layersWith(layers: MapLayers, sets: readonly FenceCollection[]): MapLayers {
  const features = (kind: 'fences' | 'routes'): Feature[] =>
    sets
      .filter((set) => set.kind === kind)
      .flatMap(({ name, version, features: all }) =>
        all.map((feature) => ({ ...feature, properties: { ...feature.properties, set: name, version } })),
      );
  const fences = features('fences');
  const named = new Set(fences.map(({ properties }) => String(properties?.id)));
  const put = layers.fences.features.filter(({ properties }) => !named.has(String(properties?.id)));
  const routes = features('routes');
  return {
    port: layers.port,
    fences: { type: 'FeatureCollection', features: [...fences, ...put] },
    ...(routes.length > 0 && { routes: { type: 'FeatureCollection' as const, features: routes } }),
  };
}
