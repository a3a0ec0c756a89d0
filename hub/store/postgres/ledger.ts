import type { Release } from '#flows/wire';
import { chain, firstPrevious } from '../audit-chain.ts';
import type { AuditEntry, AuditStore, DocumentStore, ReleaseRecord, ReleaseStore } from '../store.ts';
import type { Database, Queries } from './database.ts';

/** The audit chain, one for all hubs. `audit_last` remembers the last number, so that a cut end shows. */
export function createAuditStore(database: Database): AuditStore {
  return {
    append: (fields) =>
      database.transaction(async (queries) => {
        const [row] = await queries.rows<{ json: string }>('SELECT json FROM audit ORDER BY n DESC LIMIT 1');
        const [counted] = await queries.rows<{ n: number }>('UPDATE audit_last SET n = n + 1 RETURNING n');
        const before = row && (JSON.parse(row.json) as AuditEntry);
        const entry = chain({ ...fields, n: counted?.n ?? 1, previous: before?.hash ?? firstPrevious });
        await queries.run('INSERT INTO audit VALUES ($1, $2)', [entry.n, JSON.stringify(entry)]);
        return entry;
      }, 'audit'),
    list: async (from, limit) =>
      (
        await database.rows<{ json: string }>('SELECT json FROM audit WHERE n >= $1 ORDER BY n LIMIT $2', [
          from,
          limit,
        ])
      ).map((row) => JSON.parse(row.json) as AuditEntry),
    last: async () => (await database.rows<{ n: number }>('SELECT n FROM audit_last'))[0]?.n ?? 0,
  };
}

export function createReleaseStore(database: Queries): ReleaseStore {
  return {
    add: async (release) =>
      (await database.run(
        `INSERT INTO release (box, version, json, state) SELECT $1, $2, $3, 'sent'
         WHERE NOT EXISTS (SELECT 1 FROM release WHERE box = $1 AND version >= $2) ON CONFLICT DO NOTHING`,
        [release.box, release.version, JSON.stringify(release)],
      )) > 0,
    async report(box, version, state, detail) {
      await database.run('UPDATE release SET state = $1, detail = $2 WHERE box = $3 AND version = $4', [
        state,
        detail ?? null,
        box,
        version,
      ]);
    },
    newest: async () =>
      (
        await database.rows<{ json: string; state: ReleaseRecord['state']; detail: string | null }>(
          'SELECT DISTINCT ON (box) json, state, detail FROM release ORDER BY box, version DESC',
        )
      ).map((row) => ({
        release: JSON.parse(row.json) as Release,
        state: row.state,
        ...(row.detail !== null && { detail: row.detail }),
      })),
    async running(box) {
      const [row] = await database.rows<{ json: string }>(
        `SELECT json FROM release WHERE box = $1 AND state = 'running' ORDER BY version DESC LIMIT 1`,
        [box],
      );
      return row && (JSON.parse(row.json) as Release);
    },
  };
}

export function createDocumentStore(database: Queries): DocumentStore {
  return {
    async get(name) {
      const [row] = await database.rows<{ json: string }>('SELECT json FROM document WHERE name = $1', [
        name,
      ]);
      return row && (JSON.parse(row.json) as unknown);
    },
    async put(name, content) {
      await database.run(
        'INSERT INTO document VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET json = excluded.json',
        [name, JSON.stringify(content)],
      );
    },
  };
}
