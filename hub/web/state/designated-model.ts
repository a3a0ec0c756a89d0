import type { WatchList } from '#hub/api/watch-types';
import type { Client } from '../api/client.ts';
import { createStore } from './store.ts';

/** Objects that somebody marked with one click; the hub keeps them as a watch list. */
export function createDesignatedModel(client: Client) {
  const shown = createStore<ReadonlyMap<string, WatchList['entries'][number]>>(new Map());
  async function load(): Promise<void> {
    // Until the first is marked there is no such list.
    const list = await client.get<WatchList>('/watch-lists/designated').catch(() => undefined);
    shown.set(new Map(list?.entries.map((entry) => [entry.value, entry])));
  }
  return {
    shown,
    load,
    async mark(object: string, on: boolean): Promise<void> {
      const path = `/objects/${encodeURIComponent(object)}/designation`;
      await (on ? client.send('PUT', path, {}) : client.send('DELETE', path));
      await load();
    },
  };
}
