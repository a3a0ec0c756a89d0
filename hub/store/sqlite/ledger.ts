import type { Release } from '#flows/wire';
import { chain, firstPrevious } from '../audit-chain.ts';
import type { AuditEntry, AuditStore, DocumentStore, ReleaseRecord, ReleaseStore } from '../store.ts';
import type { Sql } from './open.ts';

/** The audit chain. AUTOINCREMENT remembers the last number, so that a cut end shows. */
export function createAuditStore(sql: Sql): AuditStore {
  const newest = sql.prepare<[], { json: string }>('SELECT json FROM audit ORDER BY n DESC LIMIT 1');
  const insert = sql.prepare('INSERT INTO audit (n, json) VALUES (?, ?)');
  const list = sql.prepare<[number, number], { json: string }>(
    'SELECT json FROM audit WHERE n >= ? ORDER BY n LIMIT ?',
  );
  const last = sql.prepare<[], { seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
  const append = sql.transaction((fields: Parameters<AuditStore['append']>[0]): AuditEntry => {
    const row = newest.get();
    const before = row && (JSON.parse(row.json) as AuditEntry);
    const entry = chain({
      ...fields,
      n: (last.get()?.seq ?? 0) + 1,
      previous: before?.hash ?? firstPrevious,
    });
    insert.run(entry.n, JSON.stringify(entry));
    return entry;
  });
  return {
    append: async (fields) => append.immediate(fields),
    list: async (from, limit) => list.all(from, limit).map((row) => JSON.parse(row.json) as AuditEntry),
    last: async () => last.get()?.seq ?? 0,
  };
}

export function createReleaseStore(sql: Sql): ReleaseStore {
  const insert = sql.prepare(
    `INSERT INTO release (box, version, json, state) SELECT ?, ?, ?, 'sent'
     WHERE NOT EXISTS (SELECT 1 FROM release WHERE box = ? AND version >= ?)`,
  );
  const report = sql.prepare('UPDATE release SET state = ?, detail = ? WHERE box = ? AND version = ?');
  const newest = sql.prepare<[], { json: string; state: ReleaseRecord['state']; detail: string | null }>(
    `SELECT json, state, detail FROM release r
     WHERE version = (SELECT max(version) FROM release WHERE box = r.box) ORDER BY box`,
  );
  const running = sql.prepare<[string], { json: string }>(
    "SELECT json FROM release WHERE box = ? AND state = 'running' ORDER BY version DESC LIMIT 1",
  );
  return {
    add: async (release) => {
      const { box, version } = release;
      return insert.run(box, version, JSON.stringify(release), box, version).changes > 0;
    },
    report: async (box, version, state, detail) => {
      report.run(state, detail ?? null, box, version);
    },
    newest: async () =>
      newest.all().map((row) => ({
        release: JSON.parse(row.json) as Release,
        state: row.state,
        ...(row.detail !== null && { detail: row.detail }),
      })),
    running: async (box) => {
      const row = running.get(box);
      return row && (JSON.parse(row.json) as Release);
    },
  };
}

export function createDocumentStore(sql: Sql): DocumentStore {
  const get = sql.prepare<[string], { json: string }>('SELECT json FROM document WHERE name = ?');
  const put = sql.prepare(
    'INSERT INTO document (name, json) VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
  );
  return {
    get: async (name) => {
      const row = get.get(name);
      return row && (JSON.parse(row.json) as unknown);
    },
    put: async (name, content) => {
      put.run(name, JSON.stringify(content));
    },
  };
}
