import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RunSnapshot } from '#flows/run/snapshot';
import type { StateChange } from '#flows/runtime';

interface Row {
  readonly node: string;
  readonly space: StateChange['space'];
  readonly key: string;
  readonly version: number;
  readonly value: string;
}

type Head = Omit<RunSnapshot, 'state'>;

/**
 * What `flow run --state DIR` keeps between runs, in DIR/run.db: where the run was and the state of its
 * stages, written in one transaction, so that a run that is killed goes on from one moment.
 */
export function openRunState(folder: string) {
  mkdirSync(folder, { recursive: true });
  const database = new Database(join(folder, 'run.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`
    CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS state (node TEXT, space TEXT, key TEXT, version INTEGER, value TEXT,
      PRIMARY KEY (node, space, key)) STRICT, WITHOUT ROWID;`);
  const setHead = database.prepare<[string]>('INSERT OR REPLACE INTO head VALUES (1, ?)');
  const set = database.prepare<[string, string, string, number, string]>(
    'INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[string, string, string]>(
    'DELETE FROM state WHERE node = ? AND space = ? AND key = ?',
  );
  const save = database.transaction(({ state, ...head }: RunSnapshot) => {
    setHead.run(JSON.stringify(head));
    for (const { node, space, key, version, value } of state) {
      if (value === undefined) remove.run(node, space, key);
      else set.run(node, space, key, version, JSON.stringify(value));
    }
  });
  return {
    /** Writes a commit of a run; on disk when it returns. */
    save: (snapshot: RunSnapshot): void => save(snapshot),
    /** Where an earlier run had committed; undefined when there was none. */
    load(): RunSnapshot | undefined {
      const head = database.prepare<[], { value: string }>('SELECT value FROM head').get();
      if (!head) return undefined;
      const rows = database.prepare<[], Row>('SELECT * FROM state').all();
      const state = rows.map((row) => ({ ...row, value: JSON.parse(row.value) as unknown }));
      return { ...(JSON.parse(head.value) as Head), state };
    },
    close: (): void => void database.close(),
  };
}
