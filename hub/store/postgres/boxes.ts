import { type BoxRow, type MomentRow, toMoment, toRecord } from '../box-row.ts';
import type { BoxStore } from '../store.ts';
import { bulk, type Database } from './database.ts';

/** Boxes with the history of their links and status. */
export function createBoxStore(database: Database): BoxStore {
  return {
    async add({ box, name, site, signingKey, fingerprint, enrolled }) {
      await database.run(
        'INSERT INTO box (box, name, site, signing_key, fingerprint, enrolled) VALUES ($1, $2, $3, $4, $5, $6)',
        [box, name, site, signingKey, fingerprint, enrolled],
      );
    },
    list: async () => (await database.rows<BoxRow>('SELECT * FROM box ORDER BY enrolled, box')).map(toRecord),
    revoke: async (box, at) =>
      (await database.run('UPDATE box SET revoked = $1 WHERE box = $2 AND revoked IS NULL', [at, box])) > 0,
    addHistory: ({ links, statuses }) =>
      database.transaction(async (queries) => {
        await bulk(
          queries,
          'box_link',
          ['text', 'bigint', 'text'],
          links.map(({ box, since, state }) => [box, since, state]),
          'ON CONFLICT (box, since) DO UPDATE SET state = excluded.state',
        );
        await bulk(
          queries,
          'box_status',
          ['text', 'bigint', 'text'],
          statuses.map(({ status, heard }) => [status.box, heard, JSON.stringify(status)]),
          'ON CONFLICT (box, heard) DO UPDATE SET json = excluded.json',
        );
      }),
    at: async (at) =>
      (
        await database.rows<MomentRow>(
          `SELECT b.box, l.since, l.state, s.heard, s.json FROM box b
           LEFT JOIN LATERAL (SELECT * FROM box_link WHERE box = b.box AND since <= $1
                              ORDER BY since DESC LIMIT 1) l ON true
           LEFT JOIN LATERAL (SELECT * FROM box_status WHERE box = b.box AND heard <= $1
                              ORDER BY heard DESC LIMIT 1) s ON true
           WHERE b.enrolled <= $1 ORDER BY b.enrolled, b.box`,
          [at],
        )
      ).map(toMoment),
  };
}
