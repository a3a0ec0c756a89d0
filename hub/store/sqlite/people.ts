import type { PeopleStore, SessionRecord, TokenRecord } from '../store.ts';
import { toUser, type UserRow } from '../user-row.ts';
import type { Sql } from './open.ts';

/** Users, sessions and one-time tokens. */
export function createPeopleStore(sql: Sql): PeopleStore {
  const addUser = sql.prepare(
    'INSERT INTO user (name, password, roles, sites) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const user = sql.prepare<[string], UserRow>('SELECT * FROM user WHERE name = ?');
  const users = sql.prepare<[], UserRow>('SELECT * FROM user ORDER BY name');
  const addSession = sql.prepare('INSERT INTO session (id, expires, json) VALUES (?, ?, ?)');
  const session = sql.prepare<[string, number], { json: string }>(
    'SELECT json FROM session WHERE id = ? AND expires > ?',
  );
  const endSession = sql.prepare('DELETE FROM session WHERE id = ?');
  const addToken = sql.prepare('INSERT INTO token (id, purpose, expires, content) VALUES (?, ?, ?, ?)');
  // One statement: of all who ask at the same time one gets the row.
  const redeem = sql.prepare<[string, string, number], { expires: number; content: string }>(
    'DELETE FROM token WHERE id = ? AND purpose = ? AND expires > ? RETURNING expires, content',
  );
  const sweep = ['session', 'token'].map((table) => sql.prepare(`DELETE FROM ${table} WHERE expires <= ?`));
  return {
    addUser: async ({ name, password, roles, sites }) =>
      addUser.run(name, password ?? null, JSON.stringify(roles), sites ? JSON.stringify(sites) : null)
        .changes > 0,
    user: async (name) => {
      const row = user.get(name);
      return row && toUser(row);
    },
    users: async () => users.all().map(toUser),
    addSession: async (record) => {
      addSession.run(record.id, record.expires, JSON.stringify(record));
    },
    session: async (id, now) => {
      const row = session.get(id, now);
      return row && (JSON.parse(row.json) as SessionRecord);
    },
    endSession: async (id) => {
      endSession.run(id);
    },
    addToken: async ({ id, purpose, expires, content }) => {
      addToken.run(id, purpose, expires, JSON.stringify(content));
    },
    redeem: async (id, purpose, now) => {
      const row = redeem.get(id, purpose, now);
      return (
        row && {
          id,
          purpose,
          expires: row.expires,
          content: JSON.parse(row.content) as TokenRecord['content'],
        }
      );
    },
    sweep: async (now) => {
      for (const statement of sweep) statement.run(now);
    },
  };
}
