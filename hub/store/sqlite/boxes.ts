import { type BoxRow, type MomentRow, toMoment, toRecord } from '../box-row.ts';
import type { BoxHistory, BoxStore } from '../store.ts';
import type { Sql } from './open.ts';

/** Boxes with the history of their links and status. */
export function createBoxStore(sql: Sql): BoxStore {
  const add = sql.prepare(
    'INSERT INTO box (box, name, site, signing_key, fingerprint, enrolled) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const revoke = sql.prepare('UPDATE box SET revoked = ? WHERE box = ? AND revoked IS NULL');
  const addStatus = sql.prepare(
    'INSERT INTO box_status (box, heard, json) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
  );
  const addLink = sql.prepare(
    'INSERT INTO box_link (box, since, state) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state',
  );
  const addHistory = sql.transaction(({ links, statuses }: BoxHistory) => {
    for (const { box, since, state } of links) addLink.run(box, since, state);
    for (const { status, heard } of statuses) addStatus.run(status.box, heard, JSON.stringify(status));
  });
  const list = sql.prepare<[], BoxRow>('SELECT * FROM box ORDER BY enrolled, box');
  const at = sql.prepare<[{ at: number }], MomentRow>(
    `SELECT b.box, l.since, l.state, s.heard, s.json FROM box b
     LEFT JOIN box_link l ON l.box = b.box
       AND l.since = (SELECT max(since) FROM box_link WHERE box = b.box AND since <= @at)
     LEFT JOIN box_status s ON s.box = b.box
       AND s.heard = (SELECT max(heard) FROM box_status WHERE box = b.box AND heard <= @at)
     WHERE b.enrolled <= @at ORDER BY b.enrolled, b.box`,
  );
  return {
    add: async (box) => {
      add.run(box.box, box.name, box.site, box.signingKey, box.fingerprint, box.enrolled);
    },
    list: async () => list.all().map(toRecord),
    revoke: async (box, time) => revoke.run(time, box).changes > 0,
    addHistory: async (history) => addHistory(history),
    at: async (time) => at.all({ at: time }).map(toMoment),
  };
}
