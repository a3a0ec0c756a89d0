import type { PeopleStore, SessionRecord, TokenRecord } from '../store.ts';
import { toUser, type UserRow } from '../user-row.ts';
import type { Queries } from './database.ts';

/** Users, sessions and one-time tokens. */
export function createPeopleStore(database: Queries): PeopleStore {
  return {
    addUser: async ({ name, password, roles, sites }) =>
      (await database.run('INSERT INTO person VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
        name,
        password ?? null,
        JSON.stringify(roles),
        sites ? JSON.stringify(sites) : null,
      ])) > 0,
    async user(name) {
      const [row] = await database.rows<UserRow>('SELECT * FROM person WHERE name = $1', [name]);
      return row && toUser(row);
    },
    users: async () => (await database.rows<UserRow>('SELECT * FROM person ORDER BY name')).map(toUser),
    async addSession(record) {
      await database.run('INSERT INTO session VALUES ($1, $2, $3)', [
        record.id,
        record.expires,
        JSON.stringify(record),
      ]);
    },
    async session(id, now) {
      const [row] = await database.rows<{ json: string }>(
        'SELECT json FROM session WHERE id = $1 AND expires > $2',
        [id, now],
      );
      return row && (JSON.parse(row.json) as SessionRecord);
    },
    async endSession(id) {
      await database.run('DELETE FROM session WHERE id = $1', [id]);
    },
    async addToken({ id, purpose, expires, content }) {
      await database.run('INSERT INTO token VALUES ($1, $2, $3, $4)', [
        id,
        purpose,
        expires,
        JSON.stringify(content),
      ]);
    },
    // One statement: of all who ask at the same time one gets the row.
    async redeem(id, purpose, now) {
      const [row] = await database.rows<{ expires: number; content: string }>(
        `DELETE FROM token WHERE id = $1 AND purpose = $2 AND expires > $3 RETURNING expires, content`,
        [id, purpose, now],
      );
      return (
        row && {
          id,
          purpose,
          expires: row.expires,
          content: JSON.parse(row.content) as TokenRecord['content'],
        }
      );
    },
    async sweep(now) {
      await database.run('DELETE FROM session WHERE expires <= $1', [now]);
      await database.run('DELETE FROM token WHERE expires <= $1', [now]);
    },
  };
}
