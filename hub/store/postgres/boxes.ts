import type { Status } from '#flows/wire';
import type { LinkState } from '../../api/types.ts';
import type { BoxMoment, BoxRecord, BoxStore } from '../store.ts';
import type { Queries } from './database.ts';

interface BoxRow {
  readonly box: string;
  readonly name: string;
  readonly site: string;
  readonly signing_key: string;
  readonly fingerprint: string;
  readonly enrolled: number;
  readonly revoked: number | null;
}
interface MomentRow {
  readonly box: string;
  readonly since: number | null;
  readonly state: LinkState | null;
  readonly heard: number | null;
  readonly json: string | null;
}

const toRecord = (row: BoxRow): BoxRecord => ({
  box: row.box,
  name: row.name,
  site: row.site,
  signingKey: row.signing_key,
  fingerprint: row.fingerprint,
  enrolled: row.enrolled,
  ...(row.revoked !== null && { revoked: row.revoked }),
});

const toMoment = ({ box, state, since, heard, json }: MomentRow): BoxMoment => ({
  box,
  ...(state !== null && since !== null && { link: { state, since } }),
  ...(heard !== null && json !== null && { status: { status: JSON.parse(json) as Status, heard } }),
});

/** Boxes with the history of their links and status. */
export function createBoxStore(database: Queries): BoxStore {
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
    async addStatus(status, heard) {
      await database.run(
        `INSERT INTO box_status VALUES ($1, $2, $3) ON CONFLICT (box, heard) DO UPDATE SET json = excluded.json`,
        [status.box, heard, JSON.stringify(status)],
      );
    },
    async addLink(box, state, at) {
      await database.run(
        `INSERT INTO box_link VALUES ($1, $2, $3) ON CONFLICT (box, since) DO UPDATE SET state = excluded.state`,
        [box, at, state],
      );
    },
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
