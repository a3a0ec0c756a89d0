import pg from 'pg';
import { faults } from '../../faults.ts';
import { migrations } from './schema.ts';

/** Where queries go: any connection of the pool, or the one that holds a transaction. */
export interface Queries {
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Rows that a statement touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

export interface Database extends Queries {
  /** Commits what `work` did, or undoes all of it; with a lock that is held to the end. */
  transaction<T>(work: (queries: Queries) => Promise<T>, lock?: keyof typeof locks): Promise<T>;
  close(): Promise<void>;
}

/** Locks that all hubs of a database share, held to the end of a transaction. */
export const locks = {
  migrate: 7_461_001,
  append: 7_461_002,
  audit: 7_461_003,
  fenceSets: 7_461_004,
} as const;

const int8 = 20;
/** Counts, times and sequences are within 2^53: numbers, not texts. */
const types = {
  getTypeParser: ((id: number, format?: 'text') =>
    id === int8 ? Number : pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
};

const queriesOf = (client: pg.Pool | pg.PoolClient): Queries => ({
  rows: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await client.query<Row>({ text, values: [...values], types })).rows,
  run: async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0,
});

/** Connects and brings the schema up to date. Throws `store.postgres` and `store.version`. */
export async function openDatabase(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: 5000,
    application_name: 'quaywatch hub',
  });
  // A connection that broke while nobody used it: the next query opens another.
  pool.on('error', () => undefined);
  const database: Database = {
    ...queriesOf(pool),
    async transaction(work, lock) {
      const client = await pool.connect();
      let broken: Error | undefined;
      const onError = (error: Error) => {
        broken = error;
      };
      client.on('error', onError);
      try {
        await client.query(lock ? `BEGIN; SELECT pg_advisory_xact_lock(${locks[lock]})` : 'BEGIN');
        const result = await work(queriesOf(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(onError);
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
  try {
    await database.transaction(migrate, 'migrate');
    return database;
  } catch (error) {
    await pool.end();
    if (error instanceof Error && 'problem' in error) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw faults.fault('store.postgres', { detail }, withoutPassword(url), error);
  }
}

async function migrate(queries: Queries): Promise<void> {
  await queries.run('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
  const [row] = await queries.rows<{ version: number }>('SELECT version FROM schema_version');
  const found = row?.version ?? 0;
  if (found > migrations.length)
    throw faults.fault('store.version', { found, known: migrations.length }, 'PostgreSQL');
  for (const step of migrations.slice(found)) await queries.run(step);
  if (!row) await queries.run('INSERT INTO schema_version VALUES ($1)', [migrations.length]);
  else await queries.run('UPDATE schema_version SET version = $1', [migrations.length]);
}

/** The address for an error message: a password in it is nobody's business. */
export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password) parsed.password = '***';
    return parsed.href;
  } catch {
    return 'postgres';
  }
}

/** PostgreSQL keeps no NUL in texts. */
export const storable = (text: string): string =>
  text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;

/** Rows for a table, of columns of these types; `after` says what becomes of those that are there. */
export interface Insert {
  readonly table: string;
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly after?: string;
}

/** Inserts all of it with one statement: one way to the server and back. No two of them touch the same row. */
export async function insertAll(queries: Queries, inserts: readonly Insert[]): Promise<void> {
  const values: unknown[] = [];
  const parts = inserts
    .filter(({ rows }) => rows.length > 0)
    .map(({ table, types, rows, after = '' }, n) => {
      const columns = types.map((type, i) => `$${values.push(rows.map((row) => row[i]))}::${type}[]`);
      return `w${n} AS (INSERT INTO ${table} SELECT * FROM unnest(${columns.join(', ')}) ${after})`;
    });
  if (parts.length > 0) await queries.run(`WITH ${parts.join(', ')} SELECT`, values);
}

export const bulk = (
  queries: Queries,
  table: string,
  types: readonly string[],
  rows: readonly (readonly unknown[])[],
  after: string,
): Promise<void> => insertAll(queries, [{ table, types, rows, after }]);
