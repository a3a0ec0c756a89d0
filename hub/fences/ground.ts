import type { Feature } from 'geojson';
import type { FenceChange, FenceSetStore } from '../store/fence-sets.ts';
import { type Ground, groundOf } from './check.ts';

interface Known {
  readonly version: number;
  readonly places: Map<string, Ground>;
}

/**
 * Where the port lies, by its drawing and its fences. What each fence takes up is remembered by version of its set, so that
 * one fence among thousands is checked without reading the others.
 */
export function createGround(store: FenceSetStore, port: () => Promise<readonly Feature[]>) {
  const sets = new Map<string, Known>();

  async function placesOf(name: string, version: number): Promise<Map<string, Ground>> {
    const known = sets.get(name);
    if (known?.version === version) return known.places;
    const places = new Map<string, Ground>();
    for (const { id, feature } of await store.features(name)) note(places, id, feature);
    sets.set(name, { version, places });
    return places;
  }

  function note(places: Map<string, Ground>, id: string, feature: Feature | undefined): void {
    const place = feature && groundOf([feature]);
    if (place) places.set(id, place);
    else places.delete(id);
  }

  return {
    /** Without the fences that are about to change. */
    async without(name: string, changes: readonly FenceChange[]): Promise<Ground | undefined> {
      const changed = new Set(changes.map(({ id }) => id));
      const drawn = groundOf(await port());
      let [west, south, east, north] = drawn ?? [Infinity, Infinity, -Infinity, -Infinity];
      for (const set of await store.list())
        for (const [id, place] of await placesOf(set.name, set.version)) {
          if (set.name === name && changed.has(id)) continue;
          west = Math.min(west, place[0]);
          south = Math.min(south, place[1]);
          east = Math.max(east, place[2]);
          north = Math.max(north, place[3]);
        }
      return west <= east ? [west, south, east, north] : undefined;
    },
    /** The changes are stored. */
    moved(name: string, version: number, changes: readonly FenceChange[]): void {
      const known = sets.get(name);
      if (known?.version !== version - 1) return;
      for (const { id, feature } of changes) note(known.places, id, feature);
      sets.set(name, { version, places: known.places });
    },
  };
}
