import { crc32 } from 'node:zlib';
import Database from 'better-sqlite3';
import type { Priority } from '#flows/event';

export type Store = Database.Database;

/** Raised with every change of the tables; a file of another version is not opened. */
export const schemaVersion = 1;

/** One table a priority: reading in order and deleting what is acknowledged are both ranges of its key. */
export const eventTables: Readonly<Record<Priority, string>> = {
  alarm: 'event_alarm',
  verdict: 'event_verdict',
  telemetry: 'event_telemetry',
};

const eventTable = (name: string) => `
  CREATE TABLE IF NOT EXISTS ${name}(
    sequence INTEGER PRIMARY KEY, previous INTEGER NOT NULL, keep INTEGER NOT NULL,
    checksum INTEGER NOT NULL, body TEXT NOT NULL);`;

const tables = `
  ${Object.values(eventTables).map(eventTable).join('')}
  CREATE TABLE IF NOT EXISTS head(
    id INTEGER PRIMARY KEY CHECK (id = 1), box TEXT NOT NULL, sequence INTEGER NOT NULL,
    alarm INTEGER NOT NULL, verdict INTEGER NOT NULL, telemetry INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS acknowledged(priority TEXT PRIMARY KEY, upto INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS tombstone(
    priority TEXT NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
    previous INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(priority, last)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS state(
    flow TEXT NOT NULL, node TEXT NOT NULL, space TEXT NOT NULL, key TEXT NOT NULL,
    version INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY(flow, node, space, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS named(
    flow TEXT NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY(flow, name)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS named_sequence ON named(sequence);
  CREATE TABLE IF NOT EXISTS journal(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS flow(id TEXT PRIMARY KEY, document TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS error(
    id INTEGER PRIMARY KEY, flow TEXT NOT NULL, node TEXT NOT NULL, code TEXT NOT NULL,
    detail TEXT NOT NULL, time TEXT NOT NULL, message TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS error_count(
    flow TEXT NOT NULL, node TEXT NOT NULL, code TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY(flow, node, code)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL);`;

/**
 * Opens or makes the file. `fullSync`: a commit returns only when it is on disk, as far as the disk
 * tells the truth. Throws what SQLite throws for a file that is none of its own.
 */
export function openStore(file: string): Store {
  const store = new Database(file);
  try {
    store.pragma('journal_mode = WAL');
    store.pragma('synchronous = FULL');
    store.pragma('wal_autocheckpoint = 1000');
    store.pragma('journal_size_limit = 8388608');
    store.pragma('cache_size = -8192');
    const version = store.pragma('user_version', { simple: true });
    if (version !== 0 && version !== schemaVersion) throw new Error(`format ${String(version)} is not known`);
    // An old file is not written to: on a full disk it could not be, and the hub must still get what is in it.
    const stamp = version === 0 ? `PRAGMA user_version = ${schemaVersion};` : '';
    store.exec(`BEGIN IMMEDIATE; ${tables} ${stamp} COMMIT;`);
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** CRC-32 of an event row: SQLite finds a broken page, but not a wrong byte in a text. */
export const checksumOf = (sequence: number, previous: number, body: string): number =>
  crc32(body, crc32(`${sequence} ${previous}`));

/** What is wrong with the pages of the file, or undefined. */
export function damageOf(store: Store): string | undefined {
  const found = store.pragma('quick_check(1)', { simple: true });
  return found === 'ok' ? undefined : String(found).split('\n').at(-1);
}
