import Database from 'better-sqlite3';
import { type EventRow, perRound, rows } from './load.ts';

/** The store's table with its indexes and nothing else: values made beforehand, as many rows in a transaction. */
export function bareSqlite(file: string, schema: readonly string[]) {
  const sql = new Database(file);
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = FULL');
  for (const statement of schema) sql.exec(statement);
  const insert = sql.prepare(
    `INSERT INTO event (box, sequence, priority, site, type, subject, time, stored, json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const all = sql.transaction((list: readonly EventRow[]) => {
    for (const row of list) insert.run(...row);
  });
  let round = 0;
  return {
    perSecond(): number {
      const commits = rows(round++);
      const from = performance.now();
      for (const commit of commits) all.immediate(commit);
      return (perRound * 1000) / (performance.now() - from);
    },
    close: (): void => {
      sql.close();
    },
  };
}

/** The table of events and its indexes, as the hub made them. */
export function schemaOf(file: string): string[] {
  const sql = new Database(file, { readonly: true });
  try {
    return sql
      .prepare<[], { sql: string }>(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = 'event' AND sql IS NOT NULL ORDER BY rootpage",
      )
      .all()
      .map((row) => row.sql);
  } finally {
    sql.close();
  }
}
