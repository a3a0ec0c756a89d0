import { drawnLayers, firstLayers } from '../api/map.ts';
import type { MapLayers } from '../api/types.ts';
import type { Audit } from '../audit.ts';
import type { HubConfig } from '../config.ts';
import type { Store } from '../store/store.ts';
import { createFenceSets, type FenceSets } from './fence-sets.ts';

export interface FenceSetsIn {
  readonly config: Pick<HubConfig, 'map'>;
  readonly store: Pick<Store, 'documents' | 'fenceSets'>;
  readonly audit: Audit;
  readonly now: () => number;
  readonly onChange: (set: string, version: number) => void;
}

/**
 * The fence sets of a hub, and the map that its config has drawn. Fences of the config are a set from the first start on, there to be
 * edited; what cannot be a set stays on the map as it is.
 */
export async function openFenceSets({ config, store, audit, now, onChange }: FenceSetsIn): Promise<{
  fenceSets: FenceSets;
  layers: MapLayers;
}> {
  const layers = await firstLayers(config.map);
  const port = async () => (await drawnLayers(store.documents, layers)).port.features;
  const fenceSets = createFenceSets({ store: store.fenceSets, audit, now, port, onChange });
  if (config.map?.fences) await fenceSets.seed('fences', layers.fences.features);
  return { fenceSets, layers };
}
