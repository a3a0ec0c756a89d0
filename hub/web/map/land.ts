import type { FeatureCollection } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import fine from 'world-atlas/land-10m.json?url';
import coarse from 'world-atlas/land-50m.json?url';

/** Land of the world (Natural Earth, public domain): coarse for the globe, fine for a coast. */
export async function loadLand(detail: 'coarse' | 'fine', signal: AbortSignal): Promise<FeatureCollection> {
  const response = await fetch(detail === 'fine' ? fine : coarse, { signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const topology: Topology<{ land: GeometryCollection }> = await response.json();
  return feature(topology, topology.objects.land);
}
