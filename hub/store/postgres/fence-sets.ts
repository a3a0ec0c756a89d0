import {
  type FeatureRow,
  type SetRow,
  toChange,
  toFence,
  toSet,
  toVersion,
  type VersionRow,
} from '../fence-set-row.ts';
import { countChanges, type FenceSetStore } from '../fence-sets.ts';
import { bulk, type Database, type Queries } from './database.ts';

const sets = 'SELECT name, kind, title, site, version, features FROM fence_set';

const setNamed = async (queries: Queries, name: string): Promise<SetRow | undefined> =>
  (await queries.rows<SetRow>(`${sets} WHERE name = $1`, [name]))[0];

/** Fence sets, their versions and every fence as it was in each. */
export function createFenceSetStore(database: Database): FenceSetStore {
  const versionsOf = (name: string, id: string) =>
    database.rows<FeatureRow>(
      'SELECT id, version, json FROM fence_set_feature WHERE name = $1 AND id = $2 ORDER BY version DESC',
      [name, id],
    );
  return {
    list: async () => (await database.rows<SetRow>(`${sets} ORDER BY name COLLATE "C"`)).map(toSet),
    async one(name) {
      const row = await setNamed(database, name);
      return row && toSet(row);
    },
    features: async (name, version = Number.MAX_SAFE_INTEGER) =>
      (
        await database.rows<FeatureRow>(
          `SELECT * FROM (SELECT DISTINCT ON (id) id, version, json FROM fence_set_feature
           WHERE name = $1 AND version <= $2 ORDER BY id, version DESC) newest
           WHERE json IS NOT NULL ORDER BY id COLLATE "C"`,
          [name, version],
        )
      ).map(toFence),
    async feature(name, id) {
      const [row] = await versionsOf(name, id);
      return row && row.json !== null ? toFence(row) : undefined;
    },
    change: ({ name, kind, title, site, after, time, actor, note, changes }) =>
      database.transaction(async (queries) => {
        const before = await setNamed(queries, name);
        if ((before?.version ?? 0) !== after) return undefined;
        const newest = await queries.rows<FeatureRow>(
          `SELECT DISTINCT ON (id) id, version, json FROM fence_set_feature
           WHERE name = $1 AND id = ANY($2) ORDER BY id, version DESC`,
          [name, changes.map(({ id }) => id)],
        );
        const there = new Set(newest.filter(({ json }) => json !== null).map(({ id }) => id));
        const counts = countChanges(changes, (id) => there.has(id));
        const { added, changed, removed } = counts;
        const version = after + 1;
        const rows = changes
          .filter(({ id, feature }) => feature !== undefined || there.has(id))
          .map(({ id, feature }) => [name, id, version, feature ? JSON.stringify(feature) : null]);
        await bulk(queries, 'fence_set_feature', ['text', 'text', 'bigint', 'text'], rows, '');
        await queries.run(
          `INSERT INTO fence_set (name, kind, title, site, version, features) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, title = excluded.title, site = excluded.site,
           version = excluded.version, features = excluded.features`,
          [name, kind, title, site ?? null, version, (before?.features ?? 0) + added - removed],
        );
        await queries.run('INSERT INTO fence_set_version VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
          name,
          version,
          time,
          actor,
          note ?? null,
          added,
          changed,
          removed,
        ]);
        return { version, time, actor, ...(note === undefined ? {} : { note }), ...counts };
      }, 'fenceSets'),
    history: async (name, before, limit) =>
      (
        await database.rows<VersionRow>(
          `SELECT version, time, actor, note, added, changed, removed FROM fence_set_version
           WHERE name = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
          [name, before, limit],
        )
      ).map(toVersion),
    featureHistory: async (name, id) => (await versionsOf(name, id)).map(toChange),
  };
}
