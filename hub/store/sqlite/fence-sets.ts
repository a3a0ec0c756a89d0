import {
  type FeatureRow,
  type SetRow,
  toChange,
  toFence,
  toSet,
  toVersion,
  type VersionRow,
} from '../fence-set-row.ts';
import {
  countChanges,
  type FenceSetChange,
  type FenceSetStore,
  type FenceSetVersion,
} from '../fence-sets.ts';
import type { Sql } from './open.ts';

/** Fence sets, their versions and every fence as it was in each. */
export function createFenceSetStore(sql: Sql): FenceSetStore {
  const sets = 'SELECT name, kind, title, site, version, features FROM fence_set';
  const list = sql.prepare<[], SetRow>(`${sets} ORDER BY name`);
  const one = sql.prepare<[string], SetRow>(`${sets} WHERE name = ?`);
  const features = sql.prepare<[string, number], FeatureRow>(
    `SELECT id, version, json FROM fence_set_feature f WHERE name = ? AND json IS NOT NULL AND version =
     (SELECT max(version) FROM fence_set_feature WHERE name = f.name AND id = f.id AND version <= ?) ORDER BY id`,
  );
  const versions = sql.prepare<[string, string], FeatureRow>(
    'SELECT id, version, json FROM fence_set_feature WHERE name = ? AND id = ? ORDER BY version DESC',
  );
  const history = sql.prepare<[string, number, number], VersionRow>(
    `SELECT version, time, actor, note, added, changed, removed FROM fence_set_version
     WHERE name = ? AND version < ? ORDER BY version DESC LIMIT ?`,
  );
  const putSet = sql.prepare(
    `INSERT INTO fence_set (name, kind, title, site, version, features) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET kind = excluded.kind, title = excluded.title, site = excluded.site,
     version = excluded.version, features = excluded.features`,
  );
  const putVersion = sql.prepare(
    `INSERT INTO fence_set_version (name, version, time, actor, note, added, changed, removed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const putFeature = sql.prepare(
    'INSERT INTO fence_set_feature (name, id, version, json) VALUES (?, ?, ?, ?)',
  );
  const newestOf = (name: string, id: string) => versions.get(name, id);

  const change = sql.transaction((asked: FenceSetChange): FenceSetVersion | undefined => {
    const { name, kind, title, site = null, after, time, actor, note, changes } = asked;
    const before = one.get(name);
    if ((before?.version ?? 0) !== after) return undefined;
    const isThere = (id: string) => typeof newestOf(name, id)?.json === 'string';
    const counts = countChanges(changes, isThere);
    const version = after + 1;
    for (const { id, feature } of changes)
      if (feature) putFeature.run(name, id, version, JSON.stringify(feature));
      else if (isThere(id)) putFeature.run(name, id, version, null);
    const { added, changed, removed } = counts;
    putSet.run(name, kind, title, site, version, (before?.features ?? 0) + added - removed);
    putVersion.run(name, version, time, actor, note ?? null, added, changed, removed);
    return { version, time, actor, ...(note === undefined ? {} : { note }), ...counts };
  });

  return {
    list: async () => list.all().map(toSet),
    one: async (name) => {
      const row = one.get(name);
      return row && toSet(row);
    },
    features: async (name, version = Number.MAX_SAFE_INTEGER) => features.all(name, version).map(toFence),
    feature: async (name, id) => {
      const row = newestOf(name, id);
      return row && row.json !== null ? toFence(row) : undefined;
    },
    change: async (asked) => change.immediate(asked),
    history: async (name, before, limit) => history.all(name, before, limit).map(toVersion),
    featureHistory: async (name, id) => versions.all(name, id).map(toChange),
  };
}
