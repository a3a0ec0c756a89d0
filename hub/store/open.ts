import type { HubConfig } from '../config.ts';
import { openPostgresStore } from './postgres/postgres.ts';
import { openSqliteStore } from './sqlite/sqlite.ts';
import type { Store } from './store.ts';

/** The store that the config names: PostgreSQL, else the SQLite file. Throws `store.postgres`, `store.version`. */
export async function openStore({ store }: Pick<HubConfig, 'store'>, file: string): Promise<Store> {
  return store.postgres === undefined ? openSqliteStore(file) : openPostgresStore(store.postgres);
}
