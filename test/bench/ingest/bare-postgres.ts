import pg from 'pg';
import { type EventRow, perRound, rows } from './load.ts';

const types = ['text', 'bigint', 'smallint', 'text', 'text', 'text', 'bigint', 'bigint', 'text'];

/**
 * Bulk inserts into a table that is as the store's with its indexes, and nothing else: values made beforehand, as many
 * rows in a statement and a transaction as the hub has in a commit.
 */
export async function barePostgres(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE bare (LIKE event INCLUDING ALL)');
  await client.query('CREATE SEQUENCE bare_position');
  const columns = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
  const insert = `INSERT INTO bare SELECT nextval('bare_position'), * FROM unnest(${columns})`;
  let round = 0;
  return {
    async perSecond(): Promise<number> {
      const commits = rows(round++).map((list: readonly EventRow[]) =>
        types.map((_, column) => list.map((row) => row[column])),
      );
      const from = performance.now();
      for (const values of commits) await client.query(insert, values);
      return (perRound * 1000) / (performance.now() - from);
    },
    close: () => client.end(),
  };
}
